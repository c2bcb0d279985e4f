/** Who sent a request over HTTP, and its body, which is read once: a signature is over it. */
import type { Context } from "hono";
import { type Credentials, identify } from "./auth/identify.ts";
import type { Principal } from "./auth/principal.ts";
import { type BodyLimit, readBody } from "./receivers/body.ts";
import type { Claims } from "./state/state.ts";

export interface CallerServices extends Credentials {
  readonly claims: Claims;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Caller {
  readonly principal: Principal;
  /** Throws a PayloadTooLargeError. */
  readonly body: () => Promise<string>;
}

/** Throws an UnauthorizedError or a ForbiddenError before anything of the body is looked at. */
export async function callerOf(
  c: Context,
  { tokens, signers, claims, now }: CallerServices,
  limit?: BodyLimit,
): Promise<Caller> {
  let read: Promise<string> | undefined;
  const body = () => {
    read ??= readBody(c.req, limit);
    return read;
  };
  const { method, url } = c.req;
  const principal = await identify(
    { method, path: () => url.slice(new URL(url).origin.length), header: (name) => c.req.header(name), body },
    {
      tokens,
      signers,
      now: now(),
      useOnce: async (name, seconds) => (await claims.claim(name, "", seconds)) === undefined,
    },
  );
  return { principal, body };
}
