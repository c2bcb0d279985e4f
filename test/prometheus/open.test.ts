import { PrometheusError } from "../../src/errors.ts";
import { openPrometheus } from "../../src/prometheus/open.ts";
import { fakeCluster, fakePrometheus } from "../../src/testing.ts";
import { mistake, prometheusConformance, samples, series } from "../conformance/prometheus.ts";
import { startAnsweringServer } from "../helpers/answering-server.ts";

prometheusConformance("a server that says what a real one said", async () => {
  const server = await startAnsweringServer(({ url, body }) => {
    const query = new URLSearchParams(body).get("query");
    const known = (url === "/api/v1/query_range" ? series : samples).find(({ promql }) => promql === query);
    return known === undefined ? { status: mistake.status, text: mistake.body } : { text: known.body };
  });
  const find = openPrometheus();
  return {
    find: (signal) => find({ cluster: fakeCluster(), params: { prometheus_url: server.url }, signal }),
    close: server.close,
  };
});

prometheusConformance("the kit's fake", async () => {
  const { find } = fakePrometheus({
    query: (promql) => {
      if (promql === mistake.promql)
        throw new PrometheusError(400, "bad_data", "unexpected end of input inside braces");
      return samples.find((it) => it.promql === promql)?.answer ?? [];
    },
    queryRange: (promql) => series.find((it) => it.promql === promql)?.answer ?? [],
  });
  return { find: (signal) => find({ cluster: fakeCluster(), params: {}, signal }), close: async () => undefined };
});
