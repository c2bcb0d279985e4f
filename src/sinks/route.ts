/** Which findings a sink takes. */
import type { Finding } from "../findings/finding.ts";
import { type ScopeSubject, scopeRefusal } from "../scope.ts";
import { userRegex } from "../tools/regex.ts";
import type { Sink } from "./sink.ts";
import type { SinkMatch, SinkParams } from "./sink-params.ts";

/** A sink as the configuration has it. */
export interface ConfiguredSink {
  readonly sink: Sink;
  readonly params: SinkParams;
}

export type Acceptance = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

/** Whether a sink takes a finding, else why not. */
export function accepts(params: Pick<SinkParams, "match" | "scope">, finding: Finding): Acceptance {
  const attributes = attributesOf(finding);
  const reason = matchRefusal(params.match, attributes) ?? scopeRefusal(params.scope, attributes)?.();
  return reason === undefined ? { accepted: true } : { accepted: false, reason };
}

function attributesOf(finding: Finding): ScopeSubject {
  const { subject } = finding;
  return {
    title: finding.title,
    identifier: finding.aggregationKey,
    severity: finding.severity,
    source: finding.source,
    kind: subject.kind,
    namespace: subject.namespace,
    node: subject.node,
    name: subject.name,
    labels: subject.labels,
    annotations: subject.annotations,
  };
}

function matchRefusal(match: SinkMatch | undefined, attributes: ScopeSubject): string | undefined {
  for (const [attribute, wanted] of Object.entries(match ?? {})) {
    if (wanted !== undefined && !attributeMatches(wanted, attributes[attribute]))
      return `match.${attribute} does not match`;
  }
  return;
}

type Wanted = NonNullable<SinkMatch[keyof SinkMatch]>;

function attributeMatches(wanted: Wanted, value: ScopeSubject[string]): boolean {
  if (typeof value === "object") return pairsOf(wanted).every(([name, text]) => ownValue(value, name) === text);
  if (typeof value !== "string" || (typeof wanted === "object" && !Array.isArray(wanted))) return false;
  return [wanted].flat().some((source) => userRegex(source).prefixMatch(value));
}

const ownValue = (labels: Readonly<Record<string, string>>, name: string) =>
  Object.hasOwn(labels, name) ? labels[name] : undefined;

/** `a=1,b=2`, a list of such, or a mapping. */
function pairsOf(wanted: Wanted): (readonly [string, string])[] {
  if (typeof wanted === "object" && !Array.isArray(wanted)) return Object.entries(wanted);
  return [wanted].flat().flatMap((text) =>
    text.split(",").map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [name.trim(), value.join("=").trim()] as const;
    }),
  );
}
