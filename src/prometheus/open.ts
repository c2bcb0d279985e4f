/** The Prometheuses that actions ask: each with a queue of its own, so that a slow one holds up nobody else. */
import pLimit, { type LimitFunction } from "p-limit";
import { PrometheusError } from "../errors.ts";
import { readSamples, readSeries } from "./answers.ts";
import { addLabels } from "./labels.ts";
import type { PrometheusParams } from "./params.ts";
import type { FindPrometheus, Prometheus } from "./prometheus.ts";
import { createRequests } from "./requests.ts";
import { chooseStep } from "./step.ts";

export interface PrometheusOptions {
  /** For one query with its wait for a turn and its second attempt; default 30. */
  readonly timeoutSeconds?: number;
}

/** Queries at one time to one server; it answers 20 at one time by default, and has others to answer. */
const concurrency = 4;

export function openPrometheus({ timeoutSeconds = 30 }: PrometheusOptions = {}): FindPrometheus {
  const queues = new Map<string, LimitFunction>();

  const queueOf = (url: URL): LimitFunction => {
    const queue = queues.get(url.host) ?? pLimit(concurrency);
    queues.set(url.host, queue);
    return queue;
  };

  return async ({ params, signal }) => {
    const url = await locate(params);
    const ask = createRequests({ url, params, signal, timeoutSeconds, queue: queueOf(url) });
    const labelled = (promql: string) => addLabels(promql, labelsToAdd(params));
    const prometheus: Prometheus = {
      query: async (promql, { at } = {}) =>
        readSamples(
          await ask("query", { query: labelled(promql), ...(at === undefined ? {} : { time: seconds(at) }) }),
        ),
      queryRange: async (promql, range) => {
        const step = String(chooseStep(range));
        const { start, end } = range;
        return readSeries(
          await ask("query_range", { query: labelled(promql), start: seconds(start), end: seconds(end), step }),
        );
      },
    };
    return prometheus;
  };
}

const seconds = (milliseconds: number): string => String(milliseconds / 1_000);

const labelsToAdd = ({
  add_additional_labels: add = true,
  prometheus_additional_labels: labels = {},
}: PrometheusParams) => (add ? labels : {});

async function locate({ prometheus_url: url }: PrometheusParams): Promise<URL> {
  if (url !== undefined) return new URL(url);
  throw new PrometheusError(
    0,
    "NotFound",
    "No Prometheus is configured; give `prometheus_url`, in globalConfig for instance.",
  );
}
