/** Findings: what a delivery tells people. Plain data, JSON through and through. */
import type { Block } from "./blocks.ts";

export const severities = ["DEBUG", "INFO", "LOW", "MEDIUM", "HIGH"] as const;
export type Severity = (typeof severities)[number];

export const sources = ["prometheus", "kubernetes_api_server", "manual", "scheduler", "callback", "none"] as const;
export type Source = (typeof sources)[number];

/** What a finding is about. */
export interface Subject {
  readonly name: string;
  /** The kind in lower case (`pod`), or `none` where nothing was found. */
  readonly kind: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly container?: string;
  /** What it belongs to, as far as the object itself tells: `deployment/checkout`; absent for what belongs to nothing else. */
  readonly workload?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Enrichment {
  readonly title?: string;
  /** What it is about, for programs that read findings; the types of its blocks say the rest. */
  readonly type?: EnrichmentType;
  readonly blocks: readonly Block[];
}

export const enrichmentTypes = [
  "graph",
  "ai_analysis",
  "node_info",
  "container_info",
  "k8s_events",
  "alert_labels",
  "diff",
  "text_file",
  "crash_info",
  "image_pull_backoff_info",
  "pending_pod_info",
] as const;
export type EnrichmentType = (typeof enrichmentTypes)[number];

export interface Link {
  readonly name: string;
  readonly url: string;
  /** What it leads to, where that is one of these. */
  readonly type?: LinkType;
}

export const linkTypes = ["video", "prometheus_generator_url", "opsgenie_list_alert_by_alias"] as const;
export type LinkType = (typeof linkTypes)[number];

export interface Finding {
  readonly title: string;
  readonly description?: string;
  readonly aggregationKey: string;
  readonly severity: Severity;
  readonly source: Source;
  readonly status: "firing" | "resolved";
  readonly subject: Subject;
  readonly cluster: string;
  /** The alert's own, else a hash of what and whom it is about. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly links: readonly Link[];
  readonly enrichments: readonly Enrichment[];
  /** What the reader must know about how this came to be: an object that is gone, an action that failed, an unreachable cluster. */
  readonly notes: readonly string[];
}
