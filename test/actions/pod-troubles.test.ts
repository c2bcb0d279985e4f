import { describe, expect, it } from "vitest";
import { deleteAlertPod } from "../../src/actions/delete-alert-pod.ts";
import { imagePullBackoffReporter } from "../../src/actions/image-pull-backoff-reporter.ts";
import { oomKillerEnricher } from "../../src/actions/oom-killer-enricher.ts";
import { oomkilledContainerGraphEnricher } from "../../src/actions/oomkilled-container-graph-enricher.ts";
import { podOomKillerEnricher } from "../../src/actions/pod-oom-killer-enricher.ts";
import { causeOf } from "../../src/actions/shared/image-pulls.ts";
import { file, list, markdown, table } from "../../src/index.ts";
import { alertEvent, fakeCluster, fakePrometheus, fakeRateLimiters, podEvent, runAction } from "../../src/testing.ts";
import eventsWarning from "../fixtures/objects/events-warning.json" with { type: "json" };
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podImage from "../fixtures/objects/pod-imagepullbackoff.json" with { type: "json" };
import podOomLoop from "../fixtures/objects/pod-oom-loop.json" with { type: "json" };
import podOomOnce from "../fixtures/objects/pod-oom-once.json" with { type: "json" };

describe("image_pull_backoff_reporter", () => {
  const event = (pod: object = podImage) => podEvent({ pod: { ...pod }, objects: eventsWarning });

  it("says which image, and why", async () => {
    const { findings } = await runAction(imagePullBackoffReporter, event());
    expect(findings).toMatchObject([
      {
        title: "Image of pod nopull in namespace shop cannot be pulled",
        aggregationKey: "ImagePullBackoff",
        severity: "HIGH",
        enrichments: [
          {
            title: "Images",
            blocks: [
              list([
                expect.stringMatching(
                  /^\*c\*: `localhost:5999\/nothing:1`: the registry cannot be reached from the node\n_Failed to pull image .*connection refused_$/s,
                ),
              ]),
            ],
          },
        ],
      },
    ]);
  });

  it("says so where the reason is forgotten", async () => {
    const { blocks } = await runAction(imagePullBackoffReporter, podEvent({ pod: podImage }));
    expect(blocks).toEqual([
      list(["*c*: `localhost:5999/nothing:1`: nothing says why any more; pull it by hand from a node to see"]),
    ]);
  });

  it("keeps to its limit, for all pods of one owner", async () => {
    const rateLimiters = fakeRateLimiters();
    const ownerReferences = [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-1", uid: "u", controller: true }];
    const pod = (name: string) => event({ ...podImage, metadata: { ...podImage.metadata, name, ownerReferences } });
    const findings = async (name: string) =>
      (await runAction(imagePullBackoffReporter, pod(name), { rate_limit: 60 }, { rateLimiters })).findings;
    expect(await findings("a")).toHaveLength(1);
    expect(await findings("b")).toHaveLength(0);
    expect(rateLimiters.asked).toMatchObject([
      { id: "shop/web-1", seconds: 60, allowed: true },
      { id: "shop/web-1", allowed: false },
    ]);
  });

  it("does not count a report that failed", async () => {
    const rateLimiters = fakeRateLimiters();
    const refuse = ({ resource }: { resource: string }) => (resource === "events" ? { code: 503 } : undefined);
    const failing = runAction(imagePullBackoffReporter, podEvent({ pod: podImage, refuse }), {}, { rateLimiters });
    await expect(failing).rejects.toThrow("503");
    expect((await runAction(imagePullBackoffReporter, event(), {}, { rateLimiters })).findings).toHaveLength(1);
  });

  it("says nothing of a pod that has its images, or is gone", async () => {
    const rateLimiters = fakeRateLimiters();
    for (const other of [podEvent(), podEvent({ pod: null })]) {
      expect((await runAction(imagePullBackoffReporter, other, {}, { rateLimiters })).findings).toEqual([]);
    }
    expect(rateLimiters.asked).toEqual([]);
  });

  it.each([
    ['failed to resolve reference "r.example/a:1": r.example/a:1: not found', "no such repository or tag"],
    [
      "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope",
      "does not let the node have it",
    ],
    [
      "unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 401 Unauthorized",
      "does not let the node have it",
    ],
    ["toomanyrequests: You have reached your pull rate limit", "limit of pulls"],
    ["tls: failed to verify certificate: x509: certificate signed by unknown authority", "certificate"],
    ["dial tcp: lookup r.example on 10.0.0.10:53: no such host", "cannot be reached"],
    ["write /var/lib/containerd: no space left on device", "disk is full"],
    ["no match for platform in manifest: not found", "operating system and processor"],
    ['couldn\'t parse image reference "A:1": invalid reference format', "not one that an image can have"],
    ['Container image "r.example/a:1" is not present with pull policy of Never', "pull policy is Never"],
  ])("knows the cause in %j", (message, cause) => {
    expect(causeOf(message, "r.example/a:1")).toContain(cause);
  });

  it.each(['Back-off pulling image "unauthorized/denied:404"', "Error: ImagePullBackOff"])(
    "knows none in %j",
    (message) => {
      expect(causeOf(message, "unauthorized/denied:404")).toBeUndefined();
    },
  );
});

describe("pod_oom_killer_enricher", () => {
  const params = { resource_type: "Memory" } as const;

  it.each([
    ["one that runs again", podOomLoop, "2", { hog: { current: "new", previous: "the last words" } }],
    ["one that does not", podOomOnce, "0", { hog: { current: "the last words" } }],
  ])("shows the container that was killed, and its log: %s", async (_, pod, restarts, logs) => {
    const event = podEvent({ pod, node: nodeReady, logs });
    const { enrichments, blocks } = await runAction(podOomKillerEnricher, event, { ...params, attach_logs: true });
    expect(enrichments[0]?.title).toBe("Killed for its memory");
    expect(blocks[0]).toEqual(
      list([
        `Pod: shop/${pod.metadata.name}`,
        expect.stringMatching(/^Container: hog, with \S+ requested, \S+ at most$/),
        expect.stringMatching(/^Started at 2026-11-22T15:17:/),
        expect.stringMatching(/^Killed at 2026-11-22T15:17:/),
        `Restarts: ${restarts}`,
        expect.stringMatching(/^Memory of node node-1: \S+ of 23\.4Gi requested \(0%\)$/),
      ]),
    );
    expect(blocks.at(-1)).toEqual(file(`${pod.metadata.name}.log`, "the last words"));
  });

  it("attaches no log unless it is to, and does without the node", async () => {
    const { blocks } = await runAction(podOomKillerEnricher, podEvent({ pod: podOomLoop }), params);
    expect(blocks).toMatchObject([
      { type: "list", items: expect.not.arrayContaining([expect.stringContaining("node")]) },
    ]);
  });

  it("says nothing of a pod that was not killed, or is gone", async () => {
    expect((await runAction(podOomKillerEnricher, podEvent(), params)).findings).toEqual([]);
    expect((await runAction(podOomKillerEnricher, podEvent({ pod: null }), params)).findings).toEqual([]);
  });

  it("refuses dmesg_log in words", async () => {
    const run = runAction(podOomKillerEnricher, podEvent(), { ...params, dmesg_log: true });
    await expect(run).rejects.toThrow("add the action pod_dmesg_enricher to the playbook");
  });

  describe("with graphs", () => {
    const points = [[Date.parse("2026-11-22T15:17:00Z"), 1]] as const;
    const prometheus = () => fakePrometheus({ queryRange: () => [{ labels: {}, points }] });
    const event = () => podEvent({ pod: podOomOnce, node: nodeReady, logs: { hog: { current: "the last words" } } });
    const both = { ...params, container_memory_graph: true, node_memory_graph: true };

    it("draws the container's memory with its limits and the kill, and the node's", async () => {
      const asked = prometheus();
      const { blocks } = await runAction(podOomKillerEnricher, event(), both, { prometheus: asked });
      const size = 20 * 2 ** 20;
      const killed = expect.closeTo(Date.parse("2026-11-22T15:17:30Z"), -5);
      expect(blocks.slice(1)).toMatchObject([
        {
          type: "graph",
          title: "Memory usage of container hog of pod oom-once",
          format: "bytes",
          lines: [
            { name: "Limit", value: size },
            { name: "Request", value: size },
          ],
          marks: [{ name: "Killed", at: killed }],
        },
        { type: "graph", title: "Memory utilization of node node-1", format: "percentage" },
      ]);
      expect(asked.asked).toMatchObject([
        { promql: expect.stringContaining(`pod=~"oom-once", container=~"hog"`) },
        { promql: expect.stringContaining("node_memory_MemAvailable_bytes") },
      ]);
    });

    it.each([
      ["container_memory_graph", "container hog"],
      ["node_memory_graph", "node node-1"],
    ])("draws with %s alone the memory of the %s", async (name, of) => {
      const one = { ...params, [name]: true };
      const { blocks } = await runAction(podOomKillerEnricher, event(), one, { prometheus: prometheus() });
      expect(blocks).toMatchObject([{ type: "list" }, { type: "graph", title: expect.stringContaining(of) }]);
    });

    it("waits as long as it is to, or until it is to end", async () => {
      const signal = AbortSignal.abort(new Error("enough"));
      const asked = prometheus();
      const waiting = runAction(
        podOomKillerEnricher,
        event(),
        { ...both, delay_graph_s: 300 },
        { prometheus: asked, signal },
      );
      await expect(waiting).rejects.toThrow("enough");
      expect(asked.asked).toEqual([]);
      const tooLong = runAction(podOomKillerEnricher, event(), { ...both, delay_graph_s: 301 });
      await expect(tooLong).rejects.toThrow(/delay_graph_s/);
    });
  });
});

describe("oomkilled_container_graph_enricher", () => {
  it("draws what the killed container used, from an hour before", async () => {
    const prometheus = fakePrometheus({ queryRange: () => [{ labels: { container: "hog" }, points: [[0, 1]] }] });
    const params = { resource_type: "Memory" } as const;
    const event = podEvent({ pod: podOomOnce });
    const { enrichments } = await runAction(oomkilledContainerGraphEnricher, event, params, { prometheus });
    expect(enrichments).toMatchObject([
      {
        title: "Container",
        blocks: [{ title: "Memory usage of container hog of pod oom-once", series: [{ name: "hog" }] }],
      },
    ]);
    const { range } = prometheus.asked[0] ?? {};
    expect(range?.start).toBeLessThanOrEqual(Date.parse("2026-11-22T14:18:00Z"));
  });

  it("says nothing of a pod that was not killed", async () => {
    const { findings } = await runAction(oomkilledContainerGraphEnricher, podEvent(), { resource_type: "CPU" });
    expect(findings).toEqual([]);
  });

  it("refuses the disk of a container", async () => {
    const run = runAction(oomkilledContainerGraphEnricher, podEvent(), { resource_type: "Disk" });
    await expect(run).rejects.toThrow(/no built-in query/);
  });
});

describe("oom_killer_enricher", () => {
  const killed = (name: string, secondsAgo: number, nodeName = nodeReady.metadata.name) => {
    const finishedAt = new Date(Date.now() - secondsAgo * 1000).toISOString();
    const containerStatuses = [
      { name: "app", restartCount: 1, lastState: { terminated: { reason: "OOMKilled", exitCode: 137, finishedAt } } },
    ];
    const resources = { limits: { memory: "64Mi" } };
    return {
      kind: "Pod",
      metadata: { name },
      spec: { nodeName, containers: [{ name: "app", resources }] },
      status: { phase: "Running", containerStatuses },
    };
  };
  const objects = [killed("older", 600), killed("newer", 60), killed("old", 1300), killed("elsewhere", 60, "another")];

  const headers = ["killed at", "namespace", "pod", "container", "memory", "restarts", "likely reason"];
  const row = (name: string, reason: string) => [
    expect.any(String),
    "shop",
    name,
    "app",
    "none requested, 64Mi at most",
    "1",
    reason,
  ];

  it.each([
    [{}, ["newer", "older"]],
    [{ new_oom_kills_duration_in_sec: 100 }, ["newer"]],
    [{ new_oom_kills_duration_in_sec: 2000 }, ["newer", "older", "old"]],
  ])("with %o, lists the kills on the node, newest first", async (params, names) => {
    const event = alertEvent({ node: nodeReady, objects });
    const { blocks } = await runAction(oomKillerEnricher, event, params, { prometheus: fakePrometheus() });
    expect(blocks).toEqual([
      table(
        headers,
        names.map((name) => row(name, "unknown")),
      ),
    ]);
  });

  const mebibytes = (count: number) => count * 2 ** 20;
  const used = (pod: string, bytes: number, namespace = "shop") => ({
    labels: { namespace, pod, container: "app" },
    at: 0,
    value: bytes,
  });

  it.each([
    ["the container's limit", [used("newer", mebibytes(63))], [], ["it used 98% of its limit", "unknown"]],
    ["too little of it", [used("newer", mebibytes(50))], [], ["unknown", "unknown"]],
    ["another namespace's pod", [used("newer", mebibytes(63), "other")], [], ["unknown", "unknown"]],
    [
      "the node's memory",
      [used("older", mebibytes(64))],
      [{ labels: {}, at: 0, value: 0.97 }],
      ["the node's memory was used to 97%", "it used 100% of its limit"],
    ],
    ["enough memory", [], [{ labels: {}, at: 0, value: 0.94 }], ["unknown", "unknown"]],
  ])("tells the reason from %s", async (_what, ofContainers, ofNode, reasons) => {
    const prometheus = fakePrometheus({
      query: (promql) => (promql.startsWith("max by") ? ofContainers : ofNode),
    });
    const event = alertEvent({ node: nodeReady, objects });
    const { blocks } = await runAction(oomKillerEnricher, event, { metrics_duration_in_secs: 900 }, { prometheus });
    expect(blocks).toEqual([
      table(
        headers,
        ["newer", "older"].map((name, index) => row(name, reasons[index] ?? "")),
      ),
    ]);
    expect(prometheus.asked).toMatchObject([
      {
        promql:
          'max by (namespace, pod, container) (max_over_time(container_memory_working_set_bytes{pod=~"newer|older", container!="", image!=""}[900s]))',
      },
      { promql: expect.stringMatching(/^max_over_time\(\(1 - .*node_memory_MemAvailable_bytes.*\)\[900s:15s\]\)$/) },
    ]);
  });

  it("says so where there are none, and nothing without a node", async () => {
    const { blocks } = await runAction(oomKillerEnricher, alertEvent({ node: nodeReady, objects: [podOomLoop] }));
    expect(blocks).toEqual([markdown(expect.stringContaining("_No pod on the node says"))]);
    expect((await runAction(oomKillerEnricher, alertEvent())).findings).toEqual([]);
  });
});

describe("delete_alert_pod", () => {
  const pod = (name: string) => ({ metadata: { name } });
  const deleted = (name: string) => [
    markdown(`Deleted the pod *${name}*. Nothing controls it, so no new one is made.`),
  ];

  it("deletes the alert's pod, each time without a limit", async () => {
    const cluster = fakeCluster();
    const rateLimiters = fakeRateLimiters();
    for (const name of ["a", "b"]) {
      const { blocks } = await runAction(deleteAlertPod, alertEvent({ pod: pod(name), cluster }), {}, { rateLimiters });
      expect(blocks).toEqual(deleted(name));
      expect(await cluster.get("Pod", name, "shop")).toBeUndefined();
    }
    expect(rateLimiters.asked).toEqual([]);
  });

  it.each([
    ["of the alert's name", {}, [true, false, false]],
    ["of a label's value", { rate_limit_field: "team" }, [true, false, true]],
    ["of a label that is not there", { rate_limit_field: "missing" }, [true, false, false]],
  ])("keeps to a limit %s", async (_, field, allowed) => {
    const cluster = fakeCluster();
    const rateLimiters = fakeRateLimiters();
    const runs = [];
    for (const [name, team] of [
      ["a", "x"],
      ["b", "x"],
      ["c", "y"],
    ] as const) {
      const event = alertEvent({ pod: pod(name), labels: { team }, cluster });
      const { blocks } = await runAction(deleteAlertPod, event, { rate_limit: 60, ...field }, { rateLimiters });
      runs.push(blocks.length > 0);
    }
    expect(runs).toEqual(allowed);
    expect((await cluster.list("Pod")).length).toBe(allowed.filter((one) => !one).length);
  });

  it("marks nothing where there is no pod", async () => {
    const rateLimiters = fakeRateLimiters();
    expect((await runAction(deleteAlertPod, alertEvent(), { rate_limit: 60 }, { rateLimiters })).findings).toEqual([]);
    expect(rateLimiters.asked).toEqual([]);
  });
});
