/** The Prometheus port: one server that answers PromQL, as actions reach it. */
import type { Cluster } from "../kubernetes/kubernetes.ts";
import type { PrometheusParams } from "./params.ts";

/**
 * A Prometheus, or what speaks its HTTP API: Thanos, Mimir, VictoriaMetrics, Amazon Managed Service for Prometheus.
 * https://prometheus.io/docs/prometheus/latest/querying/api/
 *
 * Every method throws a PrometheusError where the query is refused or not answered in time, and the action's own reason once it is aborted.
 */
export interface Prometheus {
  /**
   * The value of each series at one time. A scalar is one sample without labels.
   *
   * @example
   * const [up] = await prometheus.query(`up{instance="${escapeLabelValue(instance)}"}`);
   */
  query(promql: string, options?: QueryOptions): Promise<readonly Sample[]>;

  /** The values of each series over a time, for graphs. Values that are no numbers (`NaN`) are there; JSON cannot hold them. */
  queryRange(promql: string, range: QueryRange): Promise<readonly Series[]>;
}

export interface QueryOptions {
  /** Milliseconds since the epoch; default: now, by Prometheus's own clock. */
  readonly at?: number;
}

export interface QueryRange {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Default: such that a series has at most 250 points; never so small that it has more than the 11,000 that Prometheus allows. */
  readonly stepSeconds?: number;
}

/** The value of one series at one time. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** May be `NaN` or infinite. */
  readonly value: number;
}

/** One series over a time: `[milliseconds since the epoch, value]`, oldest first. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** Whose Prometheus is meant, and until when. */
export interface PrometheusRequest {
  /** Asked for the Services of a Prometheus where the params name none. */
  readonly cluster: Cluster;
  readonly params: PrometheusParams;
  readonly signal: AbortSignal;
}

/** Finds the Prometheus that is meant. Throws a PrometheusError where there is none. */
export type FindPrometheus = (request: PrometheusRequest) => Promise<Prometheus>;

/** A text as it may stand between the double quotes of a label matcher. https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals */
export const escapeLabelValue = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
