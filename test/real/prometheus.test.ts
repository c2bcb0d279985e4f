import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeError } from "../../src/errors.ts";
import { type ConnectedCluster, createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import type { ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import { openPrometheus } from "../../src/prometheus/open.ts";
import type { PrometheusParams } from "../../src/prometheus/params.ts";
import type { Prometheus, Sample } from "../../src/prometheus/prometheus.ts";
import { prometheusConformance } from "../conformance/prometheus.ts";
import { type RunningPrometheus, startPrometheus } from "./prometheus.ts";
import { kubeconfigPath } from "./tools.ts";

const never = new AbortController().signal;
const kubeConfig = loadKubeConfig({ from: "file", path: kubeconfigPath() });
let cluster: ConnectedCluster;
let open: RunningPrometheus;
let guarded: RunningPrometheus;

beforeAll(async () => {
  cluster = createCluster({ name: "real", kubeConfig });
  [open, guarded] = await Promise.all([
    startPrometheus({ port: 19_391 }),
    startPrometheus({ port: 19_392, guarded: true }),
  ]);
});

afterAll(async () => {
  await Promise.all([open.close(), guarded.close()]);
  cluster.close();
});

const find = openPrometheus();
const prometheusOf = (params: PrometheusParams) => find({ cluster, params, signal: never });

async function until(prometheus: Prometheus, promql: string, good: (samples: readonly Sample[]) => boolean) {
  for (;;) {
    const samples = await prometheus.query(promql);
    if (good(samples)) return samples;
    await sleep(100);
  }
}

const isUp = ([sample]: readonly Sample[]) => sample?.value === 1;

prometheusConformance("a real one", async () => ({
  find: (signal) => find({ cluster, params: { prometheus_url: open.url }, signal }),
  close: async () => undefined,
}));

describe("a real Prometheus", () => {
  it("tells what it has scraped, now and over a time", async () => {
    const prometheus = await prometheusOf({ prometheus_url: open.url });
    const [up] = await until(prometheus, 'up{job="self"}', isUp);
    expect(up?.labels).toEqual({ __name__: "up", instance: new URL(open.url).host, job: "self" });
    const end = up?.at ?? 0;
    const series = await prometheus.queryRange("up", { start: end - 60_000, end });
    expect(series).toMatchObject([{ labels: { job: "self" } }]);
    expect(series[0]?.points.at(-1)).toEqual([end, 1]);
  });

  it("is asked about one cluster of several", async () => {
    const url = { prometheus_url: open.url };
    await until(await prometheusOf(url), 'up{job="self"}', isUp);
    const asked = async (job: string) =>
      (await prometheusOf({ ...url, prometheus_additional_labels: { job } })).query("up{}");
    expect([await asked("self"), await asked("other")]).toMatchObject([[{ value: 1 }], []]);
  });

  it("takes a query that is longer than an address may be", async () => {
    const prometheus = await prometheusOf({ prometheus_url: open.url });
    const names = Array.from({ length: 20_000 }, (_, index) => `pod-${index}`);
    expect(await prometheus.query(`absent_metric{pod=~"${names.join("|")}"}`)).toEqual([]);
  });

  it("is never asked for more points than it allows", async () => {
    const prometheus = await prometheusOf({ prometheus_url: open.url });
    const series = await prometheus.queryRange("vector(1)", { start: 0, end: 86_400_000, stepSeconds: 1 });
    expect(series[0]?.points).toHaveLength(10_801);
  });
});

describe("a real Prometheus that asks for a password", () => {
  it("is given it", async () => {
    const prometheus = await prometheusOf({
      prometheus_url: guarded.url,
      prometheus_auth: `Basic ${btoa("admin:test")}`,
    });
    expect(await prometheus.query("1")).toMatchObject([{ value: 1 }]);
  });

  it.each([
    ["none", {}],
    ["another", { prometheus_auth: `Basic ${btoa("admin:wrong")}` }],
  ])("refuses %s", async (_, params) => {
    const prometheus = await prometheusOf({ prometheus_url: guarded.url, ...params });
    await expect(prometheus.query("1")).rejects.toThrow(
      `The query \`1\` to the Prometheus at ${new URL(guarded.url).host} was answered 401: Unauthorized. Check \`prometheus_auth\`.`,
    );
  });
});

describe("a real Prometheus behind a real Service", () => {
  const namespace = `prometheus-${process.pid}`;
  const sockets = new Set<Socket>();
  let forwarder: Server;

  beforeAll(async () => {
    const { hostname, port } = new URL(open.url);
    forwarder = createServer((socket) => {
      sockets.add(socket);
      const onward = connect(Number(port), hostname);
      socket.pipe(onward).pipe(socket);
      socket.on("error", () => onward.destroy());
      onward.on("error", () => socket.destroy());
    });
    await new Promise<void>((listening) => forwarder.listen(0, "0.0.0.0", listening));
    const listening = forwarder.address();
    if (listening === null || typeof listening === "string") throw new Error("the forwarder listens on no port");
    await cluster.create("Namespace", { metadata: { name: namespace } });
    await cluster.create("Service", {
      metadata: { name: "stack", namespace, labels: { app: "kube-prometheus-stack-prometheus" } },
      spec: {
        selector: { app: "stand-in" },
        ports: [{ name: "http-web", port: 9090, targetPort: listening.port }],
      },
    });
    while ((await cluster.list("Secret", { namespace })).length === 0) await sleep(100);
    // The API server passes on to pods alone. This one has the machine's address, and so the forwarder's.
    await cluster.create("Pod", {
      metadata: { name: "stand-in", namespace, labels: { app: "stand-in" } },
      spec: {
        hostNetwork: true,
        terminationGracePeriodSeconds: 0,
        containers: [{ name: "pause", image: "localhost/pause:1" }],
      },
    });
    const request = { namespace, name: "stack", port: 9090, path: "/-/ready" };
    const isReady = () =>
      cluster.getFromService(request).then(
        ({ status }) => status === 200,
        () => false,
      );
    while (!(await isReady())) await sleep(100);
  });

  afterAll(async () => {
    await cluster.delete("Namespace", namespace);
    const closed = new Promise((done) => forwarder.close(done));
    // The API server keeps its connections.
    for (const socket of sockets) socket.destroy();
    await closed;
  });

  it("is found by its labels and asked through the API server", async () => {
    const calls: ClusterCall[] = [];
    const observed = cluster.within({ onCall: (call) => calls.push(call) });
    const prometheus = await openPrometheus()({ cluster: observed, params: {}, signal: never });
    const [up] = await until(prometheus, 'up{job="self"}', isUp);
    expect(up?.labels).toMatchObject({ job: "self" });
    const error = await prometheus.query("up{").catch(describeError);
    expect(error).toContain("was answered 400 bad_data:");
    expect(error).toContain("unexpected end of input inside braces");
    expect(calls.slice(0, 2)).toMatchObject([
      { verb: "list", resource: "services", status: 200 },
      { verb: "get", resource: "services/proxy", namespace, name: "stack", status: 200 },
    ]);
  });

  it("is refused by the API server where nothing stands behind the Service", async () => {
    const request = { namespace, name: "stack", port: "no-such-port", path: "/api/v1/query" };
    await expect(cluster.getFromService(request)).rejects.toMatchObject({ name: "ClusterError", code: 503 });
    await expect(cluster.getFromService({ ...request, name: "none" })).rejects.toMatchObject({ code: 404 });
  });
});
