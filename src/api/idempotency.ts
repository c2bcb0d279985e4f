/**
 * `Idempotency-Key`: a request that is sent again, as its answer was lost, runs nothing twice.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
import { createHash } from "node:crypto";
import { BadRequestError, InvalidRequestError } from "../errors.ts";
import type { Claims } from "../state/state.ts";

const lifeSeconds = 24 * 3600;
const keyPattern = /^[\x21-\x7e]{1,255}$/;

export interface KeyedRequest {
  /** Whose keys they are. */
  readonly principal: string;
  readonly key: string;
  /** What must be the same for the request to be the same. */
  readonly content: readonly string[];
}

/** The key of a request; undefined where it has none. Throws a BadRequestError for one that cannot be. */
export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = header.replace(/^"(.*)"$/, "$1");
  if (keyPattern.test(key)) return key;
  throw new BadRequestError("Idempotency-Key has to be 1 to 255 visible characters of ASCII");
}

/**
 * The run that a request stands for: the one given, or that of the same request before it. Throws an InvalidRequestError where the key has
 * been used for something else.
 */
export async function runOf({ principal, key, content }: KeyedRequest, run: string, claims: Claims): Promise<string> {
  const request = createHash("sha256").update(JSON.stringify(content)).digest("base64url");
  const first = await claims.claim(["idempotency", principal, key], `${request} ${run}`, lifeSeconds);
  const [known, other = run] = first?.split(" ") ?? [request];
  if (known === request) return other;
  const message = "This Idempotency-Key was used for another request within the last day; use a new one.";
  throw new InvalidRequestError([{ path: "Idempotency-Key", message }]);
}
