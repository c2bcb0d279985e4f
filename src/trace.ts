/**
 * What happens to deliveries, as it happens. One stream feeds the log, the metrics and the arrows of the demo; worker threads send
 * theirs to the main thread, so every event of theirs is plain data.
 */
import type { Delivery, Target } from "./delivery.ts";
import type { FieldChange, Json } from "./findings/blocks.ts";
import type { Finding } from "./findings/finding.ts";
import type { ClusterCall, ClusterEffect } from "./kubernetes/kubernetes.ts";

/** Enough to recognise a delivery by. */
export interface DeliverySummary {
  readonly id: string;
  readonly key: string;
  readonly cluster: string;
  readonly kind: Delivery["kind"];
  /** `KubePodCrashLooping firing`, `Pod shop/api-1 updated`. */
  readonly title: string;
}

export interface NoMatch {
  readonly playbook: string;
  readonly reason: string;
  /** One that nobody here has written: why it did not run is kept, and shown to who asks. */
  readonly builtin?: true;
}

/** Why one trigger of a playbook did not fire: the condition, as users write it, and what makes a sentence of it. */
export interface PlaybookRefusal {
  readonly playbook: string;
  readonly condition: string;
  readonly reason: () => string;
}

/** The refusals in words, one for each playbook. */
export function inWords(refusals: readonly PlaybookRefusal[]): NoMatch[] {
  const byPlaybook = Map.groupBy(refusals, ({ playbook }) => playbook);
  return [...byPlaybook].map(([playbook, of]) => ({ playbook, reason: of.map(({ reason }) => reason()).join("; ") }));
}

export interface SinkResult {
  readonly sink: string;
  readonly part: string;
  readonly outcome: "posted" | "edited" | "skipped" | "failed";
  /** Why it was skipped or failed. */
  readonly reason?: string;
  /** When a failed one is tried again, in milliseconds since the epoch. */
  readonly retryAt?: number;
}

/** What a dry run would have changed. Values of Secrets are not in it. */
export interface Effect extends Pick<ClusterEffect, "verb" | "resource" | "namespace" | "name" | "command"> {
  /** Of an update or a patch: every field that would have another value. */
  readonly changes?: readonly FieldChange[];
  /** What would have been created. */
  readonly object?: Json;
}

export type TraceEvent = { readonly delivery: DeliverySummary } & (
  | { readonly type: "queued" }
  /** Always of the thread that answers senders, where there are too many of them to make a sentence of each. */
  | { readonly type: "unmatched"; readonly refusals: readonly PlaybookRefusal[] }
  | { readonly type: "recognised"; readonly reason: string }
  | { readonly type: "taken"; readonly run: string; readonly attempt: number; readonly reason: string }
  | { readonly type: "matched"; readonly playbooks: readonly string[]; readonly others: readonly NoMatch[] }
  | { readonly type: "call"; readonly call: ClusterCall }
  | { readonly type: "effect"; readonly effect: Effect }
  | {
      readonly type: "step";
      readonly playbook: string;
      readonly action: string;
      readonly state: string;
      readonly reason?: string;
      readonly milliseconds: number;
    }
  /** Only where the settings ask for it: findings hold logs and files. */
  | { readonly type: "finding"; readonly part: string; readonly finding: Finding }
  | { readonly type: "notified"; readonly result: SinkResult }
  | { readonly type: "ended"; readonly run: string; readonly milliseconds: number }
  | { readonly type: "later"; readonly at: number; readonly reason: string }
  | { readonly type: "dead"; readonly reasons: readonly string[] }
);

export type Tracer = (event: TraceEvent) => void;

export function summarise(delivery: Delivery): DeliverySummary {
  const { id, key, cluster, kind } = delivery;
  return { id, key, cluster, kind, title: titleOf(delivery) };
}

function titleOf(delivery: Delivery): string {
  switch (delivery.kind) {
    case "alert":
      return `${delivery.alert.labels.alertname ?? delivery.alert.fingerprint} ${delivery.alert.status}`;
    case "change": {
      const { kind = "object", metadata } = delivery.object;
      return `${nameOf({ ...metadata, kind })} ${delivery.operation}d`;
    }
    case "invocation": {
      const { action, target, caller, dryRun } = delivery;
      const what = target === undefined ? action : `${action} on ${nameOf(target)}`;
      return `${what}, by ${caller}${dryRun ? " (dry run)" : ""}`;
    }
    case "notify":
      return `${delivery.finding.title} to ${delivery.sink}`;
  }
}

/** `Pod shop/checkout-7d9f`. */
export const nameOf = ({ kind, name, namespace }: Target): string =>
  namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
