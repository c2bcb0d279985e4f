import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { identify } from "../../src/auth/identify.ts";
import { signatureOf } from "../../src/auth/signature.ts";

const key = "a key that two share";
const tokens = [{ name: "ci", sha256: createHash("sha256").update("secret").digest("hex"), scopes: ["read"] }];
const signers = [{ name: "cron", key }];
const checks = { now: 0, useOnce: async () => true };

const request = (headers: Readonly<Record<string, string>> = {}) => ({
  method: "POST",
  path: () => "/api/alerts",
  header: (name: string) => headers[name.toLowerCase()],
  body: async () => "{}",
});

describe("who sent a request", () => {
  it("is whose token it shows", async () => {
    const shown = request({ authorization: "Bearer secret" });
    expect(await identify(shown, { tokens, signers, ...checks })).toEqual({ name: "ci", scopes: ["read"] });
  });

  it("is who signed it", async () => {
    const signed = { method: "POST", path: "/api/alerts", body: "{}" };
    const v1 = signatureOf(key, { t: "0", nonce: "nonce-0001" }, signed);
    const shown = request({ "cortado-signature": `key=cron,t=0,nonce=nonce-0001,v1=${v1}` });
    expect(await identify(shown, { tokens, signers, ...checks })).toEqual({ name: "cron" });
  });

  it("is nobody who shows neither, once there is either", async () => {
    await expect(identify(request(), { tokens, signers: [], ...checks })).rejects.toThrow("this needs `Authorization");
    await expect(identify(request(), { tokens: [], signers, ...checks })).rejects.toThrow("this needs `Authorization");
  });
});

describe("without tokens", () => {
  const open = { tokens: [], signers: [], ...checks };
  it.each([
    {},
    { host: "localhost:7070" },
    { host: "127.0.0.1:7070" },
    { host: "[::1]:7070", origin: "http://localhost:3000" },
  ])("a program on this machine may do everything: %j", async (headers) => {
    expect(await identify(request(headers), open)).toMatchObject({ scopes: ["ingest", "admin", "invoke:**"] });
  });

  it.each([
    [{ host: "127.0.0.1:7070", origin: "https://evil.example" }, "the request names evil.example"],
    [{ host: "rebound.example:7070" }, "the request names rebound.example:7070"],
    [{ host: "localhost.evil.example" }, "the request names localhost.evil.example"],
    [{ host: "localhost", origin: "null" }, "the request names null"],
  ])("a browser that another site has sent may nothing: %j", async (headers, reason) => {
    await expect(identify(request(headers), open)).rejects.toThrow(reason);
  });
});
