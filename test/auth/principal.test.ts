import { describe, expect, it } from "vitest";
import {
  type Principal,
  requireCluster,
  requireInvoke,
  requireScope,
  somebodyHere,
  type Wish,
} from "../../src/auth/principal.ts";

const principal = (...scopes: string[]): Principal => ({ name: "ci", scopes });

describe("a scope", () => {
  it.each([
    [principal("ingest"), "ingest"],
    [{ name: "ci" }, "ingest"],
    [principal("read"), "read"],
    [principal("admin"), "read"],
    [principal("admin"), "admin"],
    [somebodyHere, "admin"],
  ] as const)("%j may %s", (who, scope) => {
    expect(() => requireScope(who, scope)).not.toThrow();
  });

  it.each([
    [principal("ingest"), "read"],
    [principal("read"), "admin"],
    [principal("admin"), "ingest"],
    [principal("invoke:*"), "read"],
    [{ name: "ci" }, "read"],
  ] as const)("%j may not %s", (who, scope) => {
    expect(() => requireScope(who, scope)).toThrow(`ci may not do this; it needs the scope \`${scope}\` in auth`);
  });
});

const wish = (action: string, effects: Wish["effects"] = "read", more: Partial<Wish> = {}): Wish => ({
  action,
  effects,
  cluster: "default",
  ...more,
});

describe("running an action by hand", () => {
  it.each<[string, Wish]>([
    ["invoke:*", wish("logs_enricher")],
    ["invoke:*", wish("cordon", "change")],
    ["invoke:node_*", wish("node_status_enricher")],
    ["invoke:*_enricher", wish("logs_enricher")],
    ["invoke:delete_pod", wish("delete_pod", "destroy")],
    ["invoke:**", wish("delete_pod", "destroy")],
  ])("%s covers %j", (scope, wished) => {
    expect(() => requireInvoke(principal(scope), wished)).not.toThrow();
  });

  it.each<[string, Wish, string]>([
    ["invoke:node_*", wish("logs_enricher"), "ci may not run logs_enricher; it needs the scope `invoke:logs_enricher`"],
    ["invoke:logs.enricher", wish("logs_enricher"), "may not run logs_enricher"],
    ["invoke:*", wish("delete_pod", "destroy"), "`invoke:delete_pod`; as it destroys something, no `*` covers it"],
    ["invoke:delete_*", wish("delete_pod", "destroy"), "no `*` covers it"],
    ["admin", wish("logs_enricher"), "may not run logs_enricher"],
  ])("%s does not cover %j", (scope, wished, reason) => {
    expect(() => requireInvoke(principal(scope), wished)).toThrow(reason);
  });

  const limited: Principal = { ...principal("invoke:*"), clusters: ["default"], namespaces: ["shop", "web"] };
  it("is limited to the principal's namespaces and clusters", () => {
    const target = (namespace?: string) => ({ target: { name: "api-1", ...(namespace ? { namespace } : {}) } });
    expect(() => requireInvoke(limited, wish("a", "read", target("web")))).not.toThrow();
    expect(() => requireInvoke(limited, wish("a", "read", target("kube-system")))).toThrow("api-1 is in kube-system");
    expect(() => requireInvoke(limited, wish("a", "read", target()))).toThrow("api-1 is in no namespace");
    expect(() => requireInvoke(limited, wish("a"))).toThrow("ci is limited to shop, web: give a target there");
    expect(() => requireInvoke(limited, wish("a", "read", { ...target("web"), cluster: "prod" }))).toThrow(
      "the cluster prod",
    );
    expect(() => requireCluster(limited, "prod")).toThrow("ci may not speak for the cluster prod");
  });
});
