/**
 * Signed requests, for callers that share a key and can compute: the key itself never travels, a changed body is noticed, and a request
 * that somebody recorded is good once and for a short time.
 *
 *   Cortado-Signature: key=ci,t=1767225600,nonce=8b0c…,v1=<hex>
 *
 * `v1` is HMAC-SHA256, with the key's text, over six lines: `v1`, `t`, `nonce`, the method, the path with its query, and the SHA-256 of
 * the body in hex.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { UnauthorizedError } from "../errors.ts";
import type { Principal } from "./principal.ts";

export const signatureHeader = "Cortado-Signature";

/** How far a caller's clock may be from ours, in seconds. */
export const signatureWindowSeconds = 300;

/** A shared key as configured. */
export interface Signer extends Principal {
  readonly key: string;
}

export interface SignedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

export interface SignatureChecks {
  readonly signers: readonly Signer[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether a name is used for the first time in so many seconds. */
  readonly useOnce: (name: readonly string[], seconds: number) => Promise<boolean>;
}

/** Throws an UnauthorizedError that says what is wrong, in the order in which a caller can mend it. */
export async function verifySignature(
  header: string,
  request: SignedRequest,
  { signers, now, useOnce }: SignatureChecks,
): Promise<Principal> {
  const { key: name = "", t = "", nonce = "", v1 = "" } = fieldsOf(header);
  if (!(name && /^\d{1,12}$/.test(t) && /^[\w-]{8,128}$/.test(nonce) && /^[0-9a-f]{64}$/.test(v1))) {
    throw new UnauthorizedError(
      `${signatureHeader} reads key=<name>,t=<seconds since the epoch>,nonce=<8 to 128 letters or digits>,v1=<64 hex digits>`,
    );
  }
  const signer = signers.find((one) => one.name === name);
  // An unknown name takes as long as a wrong signature, and is told the same.
  const expected = signatureOf(signer?.key ?? "", { t, nonce }, request);
  if (!timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(v1, "hex")) || signer === undefined) {
    throw new UnauthorizedError(`the signature is not that of the key ${name}, over this method, path and body`);
  }
  const skew = Math.abs(now / 1000 - Number(t));
  if (skew > signatureWindowSeconds) {
    throw new UnauthorizedError(
      `the signature's time is ${Math.round(skew)} s away from this server's; at most ${signatureWindowSeconds} are allowed`,
    );
  }
  // A copy can come as long as its time is in the window: from both ends of it.
  if (!(await useOnce(["nonce", name, nonce], 2 * signatureWindowSeconds))) {
    throw new UnauthorizedError("this signed request has been used before; sign each one with a nonce of its own");
  }
  const { key: _, ...principal } = signer;
  return principal;
}

/** What a caller computes. */
export function signatureOf(
  key: string,
  { t, nonce }: { readonly t: string; readonly nonce: string },
  { method, path, body }: SignedRequest,
): string {
  const digest = createHash("sha256").update(body).digest("hex");
  return createHmac("sha256", key).update(["v1", t, nonce, method, path, digest].join("\n")).digest("hex");
}

function fieldsOf(header: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    header.split(",").map((field) => {
      const [name = "", ...value] = field.trim().split("=");
      return [name, value.join("=")];
    }),
  );
}
