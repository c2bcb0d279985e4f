import { afterEach, describe, expect, it } from "vitest";
import { describeError } from "../../src/errors.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { addressInside, createDiscovery, serviceAt } from "../../src/prometheus/discovery.ts";
import { openPrometheus } from "../../src/prometheus/open.ts";
import { type FakeClusterOptions, fakeCluster } from "../../src/testing.ts";
import { type Answer, type Asked, startAnsweringServer } from "../helpers/answering-server.ts";
import { kubeconfigText } from "../helpers/kubeconfig.ts";

const service = (
  name: string,
  labels: Record<string, string>,
  ports: readonly object[] = [{ port: 80 }],
  namespace = "monitoring",
) => ({ kind: "Service", metadata: { name, namespace, labels }, spec: { ports } });

const stack = service("stack", { app: "kube-prometheus-stack-prometheus" }, [{ name: "http-web", port: 9090 }]);
const chart = service("prometheus-server", {
  "app.kubernetes.io/name": "prometheus",
  "app.kubernetes.io/component": "server",
});

/** A clock that stands still until it is moved. */
function discovery() {
  let time = 0;
  return {
    ...createDiscovery(() => time),
    later: (minutes: number) => {
      time += minutes * 60_000;
    },
  };
}

describe("of a cluster's Services", () => {
  it.each([
    ["the stack's", [stack], "http://stack.monitoring.svc.cluster.local:9090/"],
    ["the stack's before another", [chart, stack], "http://stack.monitoring.svc.cluster.local:9090/"],
    ["the chart's", [chart], "http://prometheus-server.monitoring.svc.cluster.local/"],
    [
      "the first by its namespace and name",
      [service("b", { app: "prometheus-server" }), service("c", { app: "prometheus-server" }, undefined, "apps")],
      "http://c.apps.svc.cluster.local/",
    ],
    [
      "the API's port, not the one of what stands beside it",
      [
        service("stack", { app: "kube-prometheus-stack-prometheus" }, [
          { name: "reloader-web", port: 8080 },
          { name: "http-web", port: 9090 },
        ]),
      ],
      "http://stack.monitoring.svc.cluster.local:9090/",
    ],
    [
      "none of Kubecost's own",
      [service("k", { app: "prometheus", component: "server", release: "kubecost" }), chart],
      "http://prometheus-server.monitoring.svc.cluster.local/",
    ],
    [
      "a Thanos",
      [
        service("q", { "app.kubernetes.io/name": "thanos-query" }, [
          { name: "grpc", port: 1 },
          { name: "http", port: 2 },
        ]),
      ],
      "http://q.monitoring.svc.cluster.local:2/",
    ],
    [
      "a VictoriaMetrics cluster, whose API is below a path",
      [service("vm", { "app.kubernetes.io/name": "vmselect" }, [{ port: 8481 }])],
      "http://vm.monitoring.svc.cluster.local:8481/select/0/prometheus",
    ],
  ])("%s", async (_, objects, expected) => {
    const found = await discovery().find(fakeCluster({ objects }));
    expect(addressInside(found).href).toBe(expected);
  });

  it.each<[string, FakeClusterOptions, string]>([
    [
      "none",
      { objects: [service("alertmanager", { app: "alertmanager" })] },
      "No Service of the cluster test has the labels of a Prometheus that Cortado knows. Give `prometheus_url`, in globalConfig for instance.",
    ],
    [
      "what may not be read",
      { refuse: () => ({ code: 403 }) },
      "The cluster test could not be asked where its Prometheus is. Give `prometheus_url`, in globalConfig for instance. (The cluster test refused list services (403 Forbidden).)",
    ],
  ])("%s", async (_, options, expected) => {
    const error = discovery().find(fakeCluster(options));
    await expect(error).rejects.toMatchObject({ name: "PrometheusError" });
    expect(await error.catch(describeError)).toBe(expected);
  });
});

it.each([
  ["https://x.y.svc.cluster.local"],
  ["http://prometheus.example.com"],
  ["http://x.y.svc.example.com"],
  ["http://a.b.c.svc"],
  ["http://10.0.0.1:9090"],
])("%s is no address of a Service", (address) => {
  expect(serviceAt(new URL(address))).toBeUndefined();
});

describe("what was found is remembered", () => {
  it("for a quarter of an hour", async () => {
    const { find, later } = discovery();
    const cluster = fakeCluster({ objects: [stack] });
    await find(cluster);
    later(14);
    await find(cluster);
    expect(cluster.calls).toHaveLength(1);
    later(2);
    await find(cluster);
    expect(cluster.calls).toHaveLength(2);
  });

  it("or that nothing was, for a minute", async () => {
    const { find, later } = discovery();
    const cluster = fakeCluster();
    await expect(find(cluster)).rejects.toThrow("No Service");
    cluster.put(stack);
    await expect(find(cluster)).rejects.toThrow("No Service");
    later(1);
    expect(await find(cluster)).toMatchObject({ name: "stack" });
  });

  it("of each cluster", async () => {
    const { find } = discovery();
    expect(await find(fakeCluster({ name: "one", objects: [stack] }))).toMatchObject({ name: "stack" });
    expect(await find(fakeCluster({ name: "two", objects: [chart] }))).toMatchObject({ name: "prometheus-server" });
  });

  it("for all that ask meanwhile, also once the first of them is gone", async () => {
    const { find } = discovery();
    const cluster = fakeCluster({ objects: [stack] });
    const controller = new AbortController();
    const first = find(cluster.within({ signal: controller.signal }));
    const second = find(cluster);
    controller.abort();
    expect(await Promise.all([first, second])).toMatchObject([{ name: "stack" }, { name: "stack" }]);
    expect(cluster.calls).toHaveLength(1);
  });
});

it("from inside the cluster credentials are sent along", async () => {
  const cluster = { ...fakeCluster({ objects: [stack] }), inside: true };
  const params = { prometheus_auth: "Bearer abc" };
  const find = openPrometheus();
  await expect(find({ cluster, params, signal: new AbortController().signal })).resolves.toBeDefined();
});

describe("from outside the cluster", () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function outside(answer: (asked: Asked) => Answer) {
    const server = await startAnsweringServer((asked) =>
      asked.url.startsWith("/api/v1/services?") ? { json: { kind: "ServiceList", items: [stack] } } : answer(asked),
    );
    const kubeConfig = loadKubeConfig({ from: "text", text: kubeconfigText({ server: server.url }) });
    const cluster = createCluster({ name: "prod", kubeConfig });
    closing.push(server.close, cluster.close);
    const find = openPrometheus();
    return {
      server,
      find: (params = {}) => find({ cluster, params, signal: new AbortController().signal }),
    };
  }

  it("queries go through the API server", async () => {
    const result = { resultType: "scalar", result: [1_700_000_000, "1"] };
    const { find, server } = await outside(() => ({ json: { status: "success", data: result } }));
    const prometheus = await find({ prometheus_url_query_string: "tenant=a" });
    expect(await prometheus.query("up")).toEqual([{ labels: {}, at: 1_700_000_000_000, value: 1 }]);
    expect(server.asked[1]).toMatchObject({
      method: "GET",
      url: "/api/v1/namespaces/monitoring/services/stack:9090/proxy/api/v1/query?tenant=a&query=up&timeout=30s",
    });
  });

  it.each([
    ["http://thanos.m.svc.cluster.local:9090/prefix/", "m/services/thanos:9090/proxy/prefix/api/v1/query"],
    ["http://thanos.m.svc", "m/services/thanos:80/proxy/api/v1/query"],
    ["", "monitoring/services/stack:9090/proxy/api/v1/query"],
  ])("also to an address that leads somewhere in the cluster alone: %j", async (address, expected) => {
    const { find, server } = await outside(() => ({
      json: { status: "success", data: { resultType: "vector", result: [] } },
    }));
    await (await find({ prometheus_url: address, prometheus_auth: "", prometheus_additional_headers: {} })).query("up");
    expect(server.asked.at(-1)?.url).toBe(`/api/v1/namespaces/${expected}?query=up&timeout=30s`);
  });

  it("and are refused by either, in its words", async () => {
    const forbidden = { kind: "Status", status: "Failure", code: 403, message: "services is forbidden" };
    const { find } = await outside(({ url }) =>
      url.includes("query=forbidden")
        ? { status: 403, json: forbidden }
        : { status: 400, json: { status: "error", errorType: "bad_data", error: "parse error" } },
    );
    const prometheus = await find();
    const what = (query: string) =>
      `The query \`${query}\` to the Prometheus monitoring/stack (through the API server of prod)`;
    await expect(prometheus.query("up{")).rejects.toThrow(`${what("up{")} was answered 400 bad_data: parse error.`);
    expect(await prometheus.query("forbidden").catch(describeError)).toContain(
      `${what("forbidden")} could not be sent (The cluster prod refused get services/proxy stack in monitoring (403 Forbidden): services is forbidden.`,
    );
  });

  it.each([
    { prometheus_auth: "Bearer abc" },
    { prometheus_additional_headers: { a: "b" } },
    { prometheus_aws: { region: "a", service_name: "aps" } },
  ])("nothing is sent where credentials would be lost: %j", async (params) => {
    const { find } = await outside(() => "silence");
    await expect(find(params)).rejects.toThrow(
      "The Prometheus of the cluster prod is reached through its API server, which passes no credentials or headers on. Give `prometheus_url`",
    );
  });
});
