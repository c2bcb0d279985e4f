import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type SignedRequest, verifySignature } from "../../src/auth/signature.ts";

const key = "a key that two share";
const signers = [{ name: "ci", key, scopes: ["read"] }];
const now = Date.UTC(2026, 0, 1);
const request: SignedRequest = { method: "POST", path: "/api/actions/echo?x=1", body: '{"params":{}}' };

/** As a caller who has read no more than the description computes it. */
function sign({ method, path, body } = request, { t = now / 1000, nonce = "nonce-0001", with: secret = key } = {}) {
  const lines = ["v1", t, nonce, method, path, createHash("sha256").update(body).digest("hex")].join("\n");
  return `key=ci,t=${t},nonce=${nonce},v1=${createHmac("sha256", secret).update(lines).digest("hex")}`;
}

function checks() {
  const used = new Set<string>();
  const useOnce = async (name: readonly string[]) => {
    const known = used.has(name.join());
    used.add(name.join());
    return !known;
  };
  return { signers, now, useOnce };
}

describe("a signed request", () => {
  it("is its signer's", async () => {
    expect(await verifySignature(sign(), request, checks())).toEqual({ name: "ci", scopes: ["read"] });
  });

  it.each([-299, 299])("may be %i s away", async (seconds) => {
    const header = sign(request, { t: now / 1000 + seconds });
    expect(await verifySignature(header, request, checks())).toMatchObject({ name: "ci" });
  });

  it("is good once", async () => {
    const shared = checks();
    await verifySignature(sign(), request, shared);
    await expect(verifySignature(sign(), request, shared)).rejects.toThrow("has been used before");
    expect(await verifySignature(sign(request, { nonce: "nonce-0002" }), request, shared)).toMatchObject({
      name: "ci",
    });
  });

  it.each<[string, SignedRequest]>([
    ["another body", { ...request, body: '{"params":{"all":true}}' }],
    ["another path", { ...request, path: "/api/actions/delete_pod" }],
    ["another method", { ...request, method: "DELETE" }],
  ])("is not good for %s", async (_, other) => {
    await expect(verifySignature(sign(), other, checks())).rejects.toThrow("the signature is not that of the key ci");
  });

  it.each<[string, string, string]>([
    ["of another key", sign(request, { with: "guessed" }), "the signature is not that of the key ci"],
    ["of nobody", sign().replace("key=ci", "key=cd"), "the signature is not that of the key cd"],
    ["too old", sign(request, { t: now / 1000 - 301 }), "the signature's time is 301 s away"],
    ["of the future", sign(request, { t: now / 1000 + 400 }), "the signature's time is 400 s away"],
    ["unreadable", "v1=abc", "Cortado-Signature reads key=<name>"],
    ["with a nonce that is none", sign(request, { nonce: "short" }), "Cortado-Signature reads key=<name>"],
  ])("that is %s is refused", async (_, header, reason) => {
    await expect(verifySignature(header, request, checks())).rejects.toThrow(reason);
  });

  it("that is wrong uses up nobody's nonce", async () => {
    const shared = checks();
    await expect(verifySignature(sign(request, { with: "guessed" }), request, shared)).rejects.toThrow();
    expect(await verifySignature(sign(), request, shared)).toMatchObject({ name: "ci" });
  });
});
