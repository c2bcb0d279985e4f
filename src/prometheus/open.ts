/** The Prometheuses that actions ask: each with a queue of its own, so that a slow one holds up nobody else. */
import { abortable } from "../kubernetes/abortable.ts";
import { readSamples, readSeries } from "./answers.ts";
import { directly } from "./direct.ts";
import { addressInside, createDiscovery, type Discovery, serviceAt } from "./discovery.ts";
import { addLabels } from "./labels.ts";
import type { FindPrometheus, PrometheusRequest } from "./prometheus.ts";
import { createRequests } from "./requests.ts";
import { chooseStep } from "./step.ts";
import type { Transport } from "./transport.ts";
import { createTurns, type Turns } from "./turns.ts";
import { viaCluster } from "./via-cluster.ts";

export interface PrometheusOptions {
  /** For one query, with its wait for a turn and its second attempt; default 30. */
  readonly timeoutSeconds?: number;
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
  /** Told what a server says about an answer that it gives all the same. */
  readonly warn?: (text: string) => void;
}

/** What is found in a cluster, and who waits for which server, is kept as long as this is. */
export function openPrometheus({
  timeoutSeconds = 30,
  now = Date.now,
  warn = () => {},
}: PrometheusOptions = {}): FindPrometheus {
  const discovery = createDiscovery(now);
  const servers = new Map<string, Turns>();

  return async (request) => {
    const { params, signal } = request;
    signal.throwIfAborted();
    const transport = await locate(request, discovery);
    const turns = servers.get(transport.server) ?? createTurns(now);
    servers.set(transport.server, turns);
    const ask = createRequests({ transport, signal, timeoutSeconds, turns, warn });
    const { add_additional_labels: add = true, prometheus_additional_labels: labels = {} } = params;
    const complete = (promql: string) => (add ? addLabels(promql, labels) : promql);
    return {
      query: async (promql, { at } = {}) => {
        const time = at === undefined ? {} : { time: seconds(at) };
        return readSamples(await ask({ endpoint: "query", form: { query: complete(promql), ...time } }));
      },
      queryRange: async (promql, range) => {
        const { start, end } = range;
        const times = { start: seconds(start), end: seconds(end), step: String(chooseStep(range)) };
        return readSeries(await ask({ endpoint: "query_range", form: { query: complete(promql), ...times } }));
      },
    };
  };
}

const seconds = (milliseconds: number): string => String(milliseconds / 1_000);

/** From outside, what is in the cluster is reached through its API server, also where the params have its address there. */
async function locate({ cluster, params, signal }: PrometheusRequest, discovery: Discovery): Promise<Transport> {
  // The model's own values have an empty address.
  if (!params.prometheus_url) {
    const found = await abortable(discovery.find(cluster), signal);
    return cluster.inside ? directly(addressInside(found), params) : viaCluster(cluster, found, params);
  }
  const url = new URL(params.prometheus_url);
  const service = cluster.inside ? undefined : serviceAt(url);
  return service === undefined ? directly(url, params) : viaCluster(cluster, service, params);
}
