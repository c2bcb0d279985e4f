/** Who sent a request: by a token, by a signature, or, where neither is configured, somebody on this machine. */
import { ForbiddenError } from "../errors.ts";
import { authenticate, type Token } from "./authenticate.ts";
import { type Principal, somebodyHere } from "./principal.ts";
import { type SignatureChecks, type Signer, signatureHeader, verifySignature } from "./signature.ts";

export interface Credentials {
  readonly tokens: readonly Token[];
  readonly signers: readonly Signer[];
}

/** A request as far as it tells who sent it. */
export interface Identifiable {
  readonly method: string;
  /** With its query. */
  path(): string;
  header(name: string): string | undefined;
  /** Read only where a signature has to be checked. */
  readonly body: () => Promise<string>;
}

/** Throws an UnauthorizedError, or a ForbiddenError for a browser that another site has sent. */
export async function identify(
  request: Identifiable,
  { tokens, signers, ...checks }: Credentials & Omit<SignatureChecks, "signers">,
): Promise<Principal> {
  const signature = request.header(signatureHeader);
  if (signature !== undefined && signers.length > 0) {
    const signed = { method: request.method, path: request.path(), body: await request.body() };
    return await verifySignature(signature, signed, { signers, ...checks });
  }
  if (tokens.length === 0 && signers.length === 0) {
    refuseOtherSites(request);
    return somebodyHere;
  }
  return authenticate(request.header("authorization"), tokens);
}

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/**
 * A page of another site may send requests here from the user's own browser, also under a name of its own that leads to this machine.
 * https://owasp.org/www-community/attacks/csrf
 */
function refuseOtherSites({ header }: Identifiable): void {
  const host = header("host");
  const origin = header("origin");
  const foreign = [host, origin?.replace(/^https?:\/\//, "")].find(
    (name) => name !== undefined && !loopback.test(name),
  );
  if (foreign === undefined) return;
  throw new ForbiddenError(
    `without a token in auth.tokens this answers programs on this machine alone, and the request names ${foreign}`,
  );
}
