import { describe, expect, it } from "vitest";
import { daemonsetStatusEnricher } from "../../src/actions/daemonset-status-enricher.ts";
import { deploymentStatusEnricher } from "../../src/actions/deployment-status-enricher.ts";
import { hpaEventsEnricher } from "../../src/actions/hpa-events-enricher.ts";
import { hpaMismatchEnricher } from "../../src/actions/hpa-mismatch-enricher.ts";
import { rolloutRestart } from "../../src/actions/rollout-restart.ts";
import { scaleHpaCallback } from "../../src/actions/scale-hpa-callback.ts";
import { statefulsetReplicasEnricher } from "../../src/actions/statefulset-replicas-enricher.ts";
import { list, markdown, table } from "../../src/index.ts";
import { alertEvent, changeEvent, deploymentEvent, fakeCluster, resourceEvent, runAction } from "../../src/testing.ts";
import badRollout from "../fixtures/objects/deployment-web-bad-rollout.json" with { type: "json" };
import webObjects from "../fixtures/objects/workload-web.json" with { type: "json" };

const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
const hpa = (spec: object = {}, status: object = {}) => ({
  metadata: { name: "web" },
  spec: { minReplicas: 1, maxReplicas: 5, scaleTargetRef, ...spec },
  status: { currentReplicas: 2, desiredReplicas: 2, ...status },
});
const condition = (type: string, status: string, reason = "") => ({ type, status, reason, message: "" });

describe("rollout_restart", () => {
  const restartedAt = (workload: { spec?: { template: { metadata?: { annotations?: object } } } } | undefined) =>
    workload?.spec?.template.metadata?.annotations;
  const template = { metadata: { labels: { app: "web" } } };

  it.each(["Deployment", "StatefulSet", "DaemonSet"] as const)("restarts a %s", async (kind) => {
    const cluster = fakeCluster();
    const event = resourceEvent(kind, { object: { metadata: { name: "web" }, spec: { template } }, cluster });
    const { blocks, calls } = await runAction(rolloutRestart, event);
    expect(blocks).toEqual([markdown(`Restarted the ${kind} *shop/web*.`)]);
    expect(restartedAt(await cluster.get(kind, "web", "shop"))).toEqual({
      "kubectl.kubernetes.io/restartedAt": expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(calls.map(({ verb }) => verb)).toEqual(["patch"]);
  });

  it("restarts the workload of a pod", async () => {
    const cluster = fakeCluster({ objects: webObjects });
    const pod = webObjects.find(({ kind }) => kind === "Pod");
    const { blocks } = await runAction(rolloutRestart, alertEvent({ pod: { ...pod }, cluster }));
    expect(blocks).toEqual([markdown("Restarted the Deployment *shop/web*.")]);
    expect(restartedAt(await cluster.get("Deployment", "web", "shop"))).toHaveProperty([
      "kubectl.kubernetes.io/restartedAt",
    ]);
  });

  it("says where pods must be deleted by hand", async () => {
    const spec = { template, updateStrategy: { type: "OnDelete" } };
    const { blocks } = await runAction(rolloutRestart, resourceEvent("DaemonSet", { object: { spec } }));
    expect(blocks).toMatchObject([{ text: expect.stringContaining("its update strategy is OnDelete") }]);
  });

  it.each([
    ["a deployment that is paused", deploymentEvent({ object: { spec: { paused: true } } }), "is paused; resume"],
    ["a pod of nothing", alertEvent({ pod: {} }), "the Pod checkout-pod is no workload that can be restarted"],
    ["a node", alertEvent({ node: {} }), "the Node node-1 is no workload"],
    [
      "a kind of that name in another group",
      changeEvent("Deployment", { obj: { apiVersion: "example.com/v1", metadata: { name: "web" } } }),
      "the Deployment web is no workload",
    ],
  ])("refuses %s", async (_, event, text) => {
    await expect(runAction(rolloutRestart, event)).rejects.toThrow(text);
  });

  it("does nothing where there is nothing", async () => {
    expect(await runAction(rolloutRestart, deploymentEvent({ object: null }))).toMatchObject({
      findings: [],
      calls: [],
    });
  });
});

describe("scale_hpa_callback", () => {
  it.each([
    [8, "The autoscaler *web* may go up to 8 replicas now; it was 5 before.", 1],
    [5, "The autoscaler *web* may go up to 5 replicas already.", 0],
  ])("sets the limit to %d", async (max_replicas, text, patches) => {
    const cluster = fakeCluster();
    const event = resourceEvent("HorizontalPodAutoscaler", { object: hpa(), cluster });
    const { blocks, calls } = await runAction(scaleHpaCallback, event, { max_replicas });
    expect(blocks).toEqual([markdown(text)]);
    expect(calls).toHaveLength(patches);
    expect((await cluster.get("HorizontalPodAutoscaler", "web", "shop"))?.spec?.maxReplicas).toBe(max_replicas);
  });

  it.each([0, 1.5, undefined])("takes no limit of %s", async (max_replicas) => {
    const params = Object({ max_replicas });
    await expect(runAction(scaleHpaCallback, alertEvent(), params)).rejects.toThrow("max_replicas");
  });

  it("does nothing where there is no autoscaler", async () => {
    expect(await runAction(scaleHpaCallback, alertEvent(), { max_replicas: 3 })).toMatchObject({
      findings: [],
      calls: [],
    });
  });
});

describe("hpa_events_enricher", () => {
  const events = [
    { reason: "SuccessfulRescale", type: "Normal", lastTimestamp: "2026-01-01T00:00:00Z" },
    { reason: "FailedGetResourceMetric", lastTimestamp: "2026-01-01T00:01:00Z" },
  ];
  it.each([
    [{}, ["FailedGetResourceMetric", "SuccessfulRescale"]],
    [{ max_events: 1 }, ["FailedGetResourceMetric"]],
    [{ included_types: ["Normal"] }, ["SuccessfulRescale"]],
  ])("with %o", async (params, reasons) => {
    const event = alertEvent({ horizontalpodautoscaler: hpa(), events });
    const { blocks } = await runAction(hpaEventsEnricher, event, params);
    expect(blocks).toMatchObject([
      { type: "events", name: "HorizontalPodAutoscaler shop/web", events: reasons.map((reason) => ({ reason })) },
    ]);
  });

  it("says nothing without events, or an autoscaler", async () => {
    expect((await runAction(hpaEventsEnricher, alertEvent({ horizontalpodautoscaler: hpa() }))).findings).toEqual([]);
    expect((await runAction(hpaEventsEnricher, alertEvent())).findings).toEqual([]);
  });
});

describe("hpa_mismatch_enricher", () => {
  const server = {
    kind: "Deployment",
    metadata: { name: "metrics", namespace: "kube-system", labels: { "k8s-app": "metrics-server" } },
  };
  const noMetrics = {
    conditions: [condition("AbleToScale", "True"), condition("ScalingActive", "False", "FailedGetResourceMetric")],
  };
  const noServer = "No metrics server was found in the cluster: CPU and memory cannot be measured without one.";
  const noRequests =
    "It gets no metrics. See that the pods of Deployment web run, and that their containers request what is measured.";

  it.each([
    ["that all is well", {}, {}, [], ["Replicas: 2 now, 2 wanted, 1 at least, 5 at most"]],
    ["that there is no metrics server", noMetrics, {}, [], [noServer]],
    ["that pods have no requests", noMetrics, {}, [server], [noRequests]],
    [
      "that it gets no metrics, not looking for a server",
      noMetrics,
      { check_for_metrics_server: false },
      [],
      [noRequests],
    ],
    [
      "that the pods cannot be made",
      { desiredReplicas: 4 },
      {},
      [],
      ["See why Deployment web has not the replicas it was told to have: nodes may be full, a quota used up."],
    ],
    [
      "that it may not have more",
      { desiredReplicas: 5, currentReplicas: 5, conditions: [condition("ScalingLimited", "True", "TooManyReplicas")] },
      {},
      [],
      ["It wants as many replicas as it may have. Raise its `maxReplicas` if the load is real."],
    ],
  ])("says %s", async (_, status, params, objects, said) => {
    const event = alertEvent({ horizontalpodautoscaler: hpa({}, status), objects });
    const { blocks } = await runAction(hpaMismatchEnricher, event, params);
    const [lines, conditions] = blocks;
    expect(lines).toMatchObject({ type: "list", items: expect.arrayContaining(said) });
    const unwell = "conditions" in status ? [status.conditions.at(-1)] : [];
    expect(conditions === undefined ? [] : [conditions]).toMatchObject(
      unwell.map((one) => ({ rows: [[one?.type, one?.status, one?.reason, "", ""]] })),
    );
  });

  it("shows the events too", async () => {
    const event = alertEvent({ horizontalpodautoscaler: hpa(), events: [{ reason: "FailedGetScale" }] });
    const { blocks } = await runAction(hpaMismatchEnricher, event);
    expect(blocks.at(-1)).toMatchObject({ type: "events", events: [{ reason: "FailedGetScale" }] });
  });
});

describe("deployment_status_enricher", () => {
  it("shows replicas and conditions", async () => {
    const { enrichments } = await runAction(deploymentStatusEnricher, deploymentEvent({ object: badRollout }));
    expect(enrichments).toMatchObject([
      {
        title: "Status of deployment web",
        blocks: [
          list(["Replicas: 3 wanted, 1 up to date, 3 ready, 3 available"]),
          {
            rows: [
              [
                "Available",
                "True",
                "MinimumReplicasAvailable",
                "Deployment has minimum availability.",
                "2026-11-22T15:18:32Z",
              ],
              [
                "Progressing",
                "True",
                "NewReplicaSetCreated",
                'Created new replica set "web-5c8c494d59"',
                "2026-11-22T15:17:37Z",
              ],
            ],
          },
        ],
      },
    ]);
  });

  it("says that it is paused, and that nobody has looked at it", async () => {
    const object = {
      metadata: { generation: 2 },
      spec: { replicas: 2, paused: true },
      status: { observedGeneration: 1 },
    };
    const { blocks } = await runAction(deploymentStatusEnricher, deploymentEvent({ object }));
    expect(blocks[0]).toEqual(
      list([
        "Replicas: 2 wanted, 0 up to date, 0 ready, 0 available",
        "Its rollout is paused.",
        "Its controller has not looked at the newest version of it yet.",
      ]),
    );
  });
});

describe("statefulset_replicas_enricher", () => {
  const owner = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    name: "db",
    uid: "uid-of-statefulset-db",
    controller: true,
  };
  const pod = (name: string, ready: boolean) => ({
    kind: "Pod",
    metadata: { name, labels: { app: "db" }, ownerReferences: [owner] },
    status: { phase: ready ? "Running" : "Pending", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  });
  const statefulset = {
    metadata: { name: "db" },
    spec: { replicas: 12, selector: { matchLabels: { app: "db" } } },
    status: { replicas: 12, readyReplicas: 10, updatedReplicas: 3, currentRevision: "db-1", updateRevision: "db-2" },
  };
  const objects = [pod("db-10", false), pod("db-2", false), pod("db-0", true)];

  it("says how many there are, and which are not ready, in order", async () => {
    const { blocks } = await runAction(statefulsetReplicasEnricher, alertEvent({ statefulset, objects }));
    expect(blocks).toEqual([
      list(["Replicas: 12 wanted, 12 made, 10 ready", "It is being updated to db-2: 3 replicas are."]),
      table(
        ["pod that is not ready", "phase"],
        [
          ["db-2", "Pending"],
          ["db-10", "Pending"],
        ],
      ),
      markdown(expect.stringContaining("one after the other")),
    ]);
  });

  it("does not say so of one whose pods do not wait for each other", async () => {
    const parallel = { ...statefulset, spec: { ...statefulset.spec, podManagementPolicy: "Parallel" } };
    const { blocks } = await runAction(statefulsetReplicasEnricher, alertEvent({ statefulset: parallel, objects }));
    expect(blocks).toHaveLength(2);
  });

  it("says nothing where there is none", async () => {
    expect((await runAction(statefulsetReplicasEnricher, alertEvent())).findings).toEqual([]);
  });
});

describe("daemonset_status_enricher", () => {
  const good = {
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    numberReady: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
    numberMisscheduled: 0,
  };
  it.each([
    ["nothing where all is well", {}, {}, []],
    ["of nodes that should have none", { numberMisscheduled: 1 }, {}, ["a taint which they do not tolerate"]],
    ["of nodes without one", { currentNumberScheduled: 2, numberReady: 2 }, {}, ["a quota or an admission webhook"]],
    ["of pods that are not ready", { numberReady: 1 }, {}, ["Some of its pods are not ready"]],
    ["of updates by hand", { updatedNumberScheduled: 1 }, { updateStrategy: { type: "OnDelete" } }, ["OnDelete"]],
  ])("advises %s", async (_, status, spec, advice) => {
    const event = resourceEvent("DaemonSet", {
      object: { metadata: { name: "agent" }, spec, status: { ...good, ...status } },
    });
    const { enrichments } = await runAction(daemonsetStatusEnricher, event);
    expect(enrichments[0]).toMatchObject({ title: "Status of DaemonSet agent" });
    const said = enrichments
      .slice(1)
      .flatMap(({ blocks }) => blocks.flatMap((block) => (block.type === "list" ? block.items : [])));
    expect(said).toEqual(advice.map((text) => expect.stringContaining(text)));
  });

  it("counts", async () => {
    const { blocks } = await runAction(
      daemonsetStatusEnricher,
      resourceEvent("DaemonSet", { object: { status: good } }),
    );
    expect(blocks).toEqual([
      list([
        "Nodes that should run a pod of it: 3; that do: 3",
        "Pods: 3 up to date, 3 ready, 3 available",
        "Nodes that run one and should not: 0",
      ]),
    ]);
  });
});
