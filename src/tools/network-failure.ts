/** What a request that got no answer means for whoever sent it. */

/** Nothing was sent: the connection was never there. */
const beforeSending = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

export interface NetworkFailure {
  /** The code alone: the messages of these errors repeat addresses and headers, and so secrets. */
  readonly code: string;
  /** Whether the request may have been acted upon all the same. */
  readonly outcomeUnknown: boolean;
}

export function networkFailure(error: unknown): NetworkFailure {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string")
      return { code: at.code, outcomeUnknown: !beforeSending.has(at.code) };
    if (at.name === "TimeoutError") return { code: "timed out", outcomeUnknown: true };
    if (at.name === "AbortError") return { code: "interrupted", outcomeUnknown: true };
  }
  return { code: "no answer", outcomeUnknown: true };
}
