import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { authenticate, clusterFor, type Token } from "../../src/auth/authenticate.ts";
import { type Principal, somebodyHere } from "../../src/auth/principal.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const tokens: readonly Token[] = [
  { name: "old", sha256: sha256("old-secret") },
  { name: "new", sha256: sha256("new:secret").toUpperCase() },
];

describe("the credential of a request", () => {
  const rows: readonly (readonly [string | undefined, string])[] = [
    ["Bearer old-secret", "old"],
    ["bearer   new:secret ", "new"],
    [basic("anybody:old-secret"), "old"],
    [basic(":new:secret"), "new"],
  ];
  it.each(rows)("%s is %s", (header, name) => {
    expect(authenticate(header, tokens)?.name).toBe(name);
  });

  it.each([undefined, "", "Bearer", "Bearer ", "old-secret", "Token old-secret", basic("old-secret")])(
    "%s is none",
    (header) => {
      expect(() => authenticate(header, tokens)).toThrow("this needs `Authorization: Bearer <token>`");
    },
  );

  it.each(["Bearer wrong", `Bearer ${sha256("old-secret")}`, basic("old-secret:wrong"), basic("a:")])(
    "%s is a wrong one",
    (header) => {
      expect(() => authenticate(header, tokens)).toThrow("the token is not one of those in auth.tokens");
    },
  );

  it("tells who it is, and not the secret's hash", () => {
    expect(authenticate("Bearer old-secret", tokens)).toEqual({ name: "old" });
  });
});

describe("the cluster of an item", () => {
  const rules = { clusterName: "default", clusterLabel: "cluster" };
  const token = (...clusters: string[]): Principal => ({ name: "t", clusters });
  const rows: readonly (readonly [string, Principal, string | undefined, Record<string, string>, string])[] = [
    ["its label", token("a", "b"), "b", { cluster: "a" }, "a"],
    ["the path", token("a", "b"), "b", {}, "b"],
    ["the credential's only one", token("a"), undefined, {}, "a"],
    ["the default", token("default", "b"), undefined, {}, "default"],
    ["the default, for a token without limits", { name: "t" }, undefined, {}, "default"],
    ["the default, without tokens", somebodyHere, undefined, {}, "default"],
  ];
  it.each(rows)("is %s", (_what, credential, path, labels, cluster) => {
    expect(clusterFor(rules, credential, path)(labels)).toBe(cluster);
  });

  it("is not looked for in labels unless that is configured", () => {
    expect(clusterFor({ clusterName: "default" }, somebodyHere, undefined)({ cluster: "a" })).toBe("default");
  });

  it.each([
    ["a label", "b", { cluster: "c" }, "t may not speak for the cluster c"],
    ["a path", "c", {}, "t may not speak for the cluster c"],
    ["no name", "A/..", {}, '"A/.." is not the name of a cluster'],
    ["an empty label", "b", { cluster: "" }, '"" is not the name of a cluster'],
  ])("is refused: %s", (_what, path, labels, message) => {
    expect(() => clusterFor(rules, token("a", "b"), path)(labels)).toThrow(message);
  });
});
