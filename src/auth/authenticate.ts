/** Who is calling: a bearer token or basic credentials, checked before anything of the body is read. */
import { createHash, timingSafeEqual } from "node:crypto";
import { ForbiddenError, UnauthorizedError } from "../errors.ts";
import { type Principal, requireCluster } from "./principal.ts";

/** A credential as the configuration has it: never the secret itself. */
export interface Token extends Principal {
  /** Hex, of the secret. */
  readonly sha256: string;
}

/**
 * The token that an `Authorization` header proves. Every configured token is compared, each in constant time, so that a rotation can
 * have two valid ones and the answer's time tells nothing. With basic credentials the password is the secret and the user is ignored.
 *
 * Throws UnauthorizedError.
 */
export function authenticate(header: string | undefined, tokens: readonly Token[]): Principal {
  const secret = secretOf(header);
  if (secret === undefined) {
    throw new UnauthorizedError(
      "this needs `Authorization: Bearer <token>`, or basic credentials with the token as the password",
    );
  }
  const given = createHash("sha256").update(secret).digest();
  const matching = tokens.filter(({ sha256 }) => {
    const known = Buffer.from(sha256, "hex");
    return known.length === given.length && timingSafeEqual(known, given);
  });
  const [token] = matching;
  if (token === undefined) throw new UnauthorizedError("the token is not one of those in auth.tokens");
  const { sha256: _, ...principal } = token;
  return principal;
}

function secretOf(header: string | undefined): string | undefined {
  const [, scheme = "", value = ""] = /^(\S+) +(\S+) *$/.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
  return password;
}

export interface ClusterRules {
  /** The default, `clusterName`. */
  readonly clusterName: string;
  /** The alert's label that names the cluster, for a central Alertmanager. */
  readonly clusterLabel?: string;
  /** Every cluster that the configuration names. */
  readonly known?: readonly string[];
}

/** Names of clusters: stable, and safe in keys and paths. */
const clusterNamePattern = /^[a-z0-9][a-z0-9.-]{0,62}$/;

/**
 * Which cluster an item is about: the label named by `clusterLabel`, the path, the credential's only cluster, `clusterName`, in this
 * order. Throws ForbiddenError where the credential may not speak for it, or the name is none.
 */
export function clusterFor(
  { clusterName, clusterLabel }: ClusterRules,
  principal: Principal,
  path: string | undefined,
): (labels: Readonly<Record<string, string>>) => string {
  const only = principal.clusters?.length === 1 ? principal.clusters[0] : undefined;
  return (labels) => {
    const labelled = clusterLabel === undefined ? undefined : labels[clusterLabel];
    const cluster = labelled ?? path ?? only ?? clusterName;
    if (!clusterNamePattern.test(cluster))
      throw new ForbiddenError(`${JSON.stringify(cluster)} is not the name of a cluster`);
    requireCluster(principal, cluster);
    return cluster;
  };
}
