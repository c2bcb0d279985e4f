/** A Prometheus port in memory, for tests of actions: it answers what the test says, and remembers what it was asked. */
import { PrometheusError } from "../errors.ts";
import type { PrometheusParams } from "../prometheus/params.ts";
import type { FindPrometheus, Prometheus, QueryOptions, QueryRange, Sample, Series } from "../prometheus/prometheus.ts";

export interface FakePrometheusOptions {
  /** What a query is answered. Default: no sample. May throw a PrometheusError. */
  readonly query?: (promql: string, options: QueryOptions) => readonly Sample[];
  /** What a query over a time is answered. Default: no series. */
  readonly queryRange?: (promql: string, range: QueryRange) => readonly Series[];
  /** Makes finding it fail: why there is none. */
  readonly missing?: string;
}

/** What was asked. */
export interface PrometheusQuestion {
  readonly promql: string;
  readonly params: PrometheusParams;
  readonly at?: number;
  readonly range?: QueryRange;
}

export interface FakePrometheus {
  readonly find: FindPrometheus;
  /** Every query so far. */
  readonly asked: readonly PrometheusQuestion[];
}

/**
 * @example
 * const prometheus = fakePrometheus({ queryRange: () => [{ labels: { pod: "web-0" }, points: [[0, 1]] }] });
 * const { blocks } = await runAction(myGraph, podEvent(), {}, { prometheus });
 */
export function fakePrometheus(options: FakePrometheusOptions = {}): FakePrometheus {
  const asked: PrometheusQuestion[] = [];
  const find: FindPrometheus = async ({ params, signal }): Promise<Prometheus> => {
    signal.throwIfAborted();
    if (options.missing !== undefined) throw new PrometheusError(0, "NotFound", options.missing);
    return {
      query: async (promql, at = {}) => {
        signal.throwIfAborted();
        asked.push({ promql, params, ...at });
        return options.query?.(promql, at) ?? [];
      },
      queryRange: async (promql, range) => {
        signal.throwIfAborted();
        asked.push({ promql, params, range });
        return options.queryRange?.(promql, range) ?? [];
      },
    };
  };
  return { find, asked };
}
