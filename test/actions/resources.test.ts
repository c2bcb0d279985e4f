import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { deploymentEventsEnricher } from "../../src/actions/deployment-events-enricher.ts";
import { enrichPodWithNodeEvents } from "../../src/actions/enrich-pod-with-node-events.ts";
import { fetchResourceEvents } from "../../src/actions/fetch-resource-events.ts";
import { fetchResourceYaml } from "../../src/actions/fetch-resource-yaml.ts";
import { getResourceYaml } from "../../src/actions/get-resource-yaml.ts";
import { listPods } from "../../src/actions/list-pods.ts";
import { listResourceNames } from "../../src/actions/list-resource-names.ts";
import { relatedPods } from "../../src/actions/related-pods.ts";
import { resourceEventsEnricher } from "../../src/actions/resource-events-enricher.ts";
import { statusEnricher } from "../../src/actions/status-enricher.ts";
import { type Block, list, markdown, table } from "../../src/index.ts";
import { alertEvent, podEvent, runAction } from "../../src/testing.ts";
import eventsCrash from "../fixtures/objects/events-crash.json" with { type: "json" };
import eventsNode from "../fixtures/objects/events-node.json" with { type: "json" };
import eventsWarning from "../fixtures/objects/events-warning.json" with { type: "json" };
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };
import podNotReady from "../fixtures/objects/pod-notready.json" with { type: "json" };
import workload from "../fixtures/objects/workload-web.json" with { type: "json" };

const [deployment, replicaSet, ...webPods] = workload;
if (deployment === undefined || replicaSet === undefined) throw new Error("the fixture has changed");
const web = { objects: [replicaSet, ...webPods, podCrash, ...eventsCrash], deployment };
/** One pod of the deployment is another: one that is not ready, with the events about it. */
const ill = {
  ...podNotReady,
  metadata: { ...podNotReady.metadata, ...webPods[1]?.metadata, uid: podNotReady.metadata.uid },
};
const illEvents = eventsWarning
  .filter(({ involvedObject }) => involvedObject.name === "notready")
  .map((event) => ({ ...event, involvedObject: { ...event.involvedObject, name: ill.metadata.name } }));
const withIll = { ...web, objects: [...web.objects, ill, ...illEvents], events: [{ reason: "ScalingReplicaSet" }] };
const crashName = podCrash.metadata.name;

/** `Pod shop/x: BackOff Started` */
const shown = (blocks: readonly Block[]) =>
  blocks.map((block) => {
    if (block.type === "markdown") return block.text;
    if (block.type !== "events") return block.type;
    return `${block.name}: ${block.events.map(({ reason }) => reason).join(" ")}`;
  });

describe("enrich_pod_with_node_events", () => {
  it("shows the events about the pod's node", async () => {
    const event = podEvent({ pod: podCrash, objects: [nodeReady, ...eventsNode] });
    const { blocks } = await runAction(enrichPodWithNodeEvents, event, { included_types: ["Normal"] });
    expect(shown(blocks)).toEqual(["Node node-1: NodeNotReady"]);
  });

  it.each([[{ pod: null }], [{ pod: podCrash }], [{ pod: podCrash, objects: [nodeReady] }]])(
    "is silent where there is no pod, no node or no event, %#",
    async (options) => {
      expect((await runAction(enrichPodWithNodeEvents, podEvent(options))).findings).toEqual([]);
    },
  );
});

describe("resource_events_enricher", () => {
  it.each([
    ["of the object", {}, ["Deployment shop/web: ScalingReplicaSet"]],
    [
      "of its pods, those first that are not ready",
      { dependent_pod_mode: true },
      ["Deployment shop/web: ScalingReplicaSet", `Pod shop/${ill.metadata.name}: Unhealthy`],
    ],
    [
      "no more than it is told to",
      { dependent_pod_mode: true, max_events: 1 },
      ["Deployment shop/web: ScalingReplicaSet"],
    ],
    ["of the types it is told to", { included_types: ["Normal"] }, []],
  ])("shows events %s", async (_, params, expected) => {
    const { blocks } = await runAction(resourceEventsEnricher, alertEvent(withIll), params);
    expect(shown(blocks)).toEqual(expected);
  });

  it("takes a pod as it comes, and nothing where nothing is named", async () => {
    const event = podEvent({ pod: podCrash, objects: eventsCrash });
    const { blocks, calls } = await runAction(resourceEventsEnricher, event, {
      dependent_pod_mode: true,
      max_events: 1,
    });
    expect(shown(blocks)).toEqual([`Pod shop/${crashName}: BackOff`]);
    expect(calls.map(({ resource }) => resource)).toEqual(["events"]);
    expect((await runAction(resourceEventsEnricher, alertEvent())).findings).toEqual([]);
  });
});

describe("deployment_events_enricher", () => {
  it.each([
    ["the deployment's", {}, ["*Replicas:* 2 wanted, 2 available", "Deployment shop/web: ScalingReplicaSet"]],
    ["no events", { included_types: [] }, ["*Replicas:* 2 wanted, 2 available"]],
    [
      "those of its pods that are not ready",
      { dependent_pod_mode: true },
      [`Pod shop/${ill.metadata.name}: Unhealthy`],
    ],
  ])("shows %s", async (_, params, expected) => {
    const { blocks } = await runAction(deploymentEventsEnricher, alertEvent(withIll), params);
    expect(shown(blocks)).toEqual(expected);
  });

  it("is silent about pods that are ready, and without a deployment", async () => {
    const params = { dependent_pod_mode: true };
    expect((await runAction(deploymentEventsEnricher, alertEvent(web), params)).findings).toEqual([]);
    expect((await runAction(deploymentEventsEnricher, alertEvent())).findings).toEqual([]);
  });
});

describe("status_enricher", () => {
  it.each([
    [
      false,
      table(
        ["Type", "Status"],
        [
          ["Available", "True"],
          ["Progressing", "True"],
        ],
      ),
    ],
    [
      true,
      table(
        ["Type", "Status", "Message"],
        [
          ["Available", "True", "Deployment has minimum availability."],
          ["Progressing", "True", 'ReplicaSet "web-77dcbd4994" has successfully progressed.'],
        ],
      ),
    ],
  ])("shows the conditions; details: %s", async (show_details, block) => {
    const { enrichments } = await runAction(statusEnricher, alertEvent(web), { show_details });
    expect(enrichments).toEqual([{ title: "Deployment status", blocks: [block] }]);
  });

  it.each([
    ["no object", {}],
    ["no conditions", { deployment: {} }],
  ])("is silent where there is %s", async (_, options) => {
    expect((await runAction(statusEnricher, alertEvent(options))).findings).toEqual([]);
  });
});

describe("get_resource_yaml", () => {
  it("attaches the object", async () => {
    const { enrichments } = await runAction(getResourceYaml, podEvent({ pod: podCrash }));
    expect(enrichments).toMatchObject([
      { title: `Pod shop/${crashName}`, blocks: [{ filename: `${crashName}.yaml` }] },
    ]);
    const [block] = enrichments[0]?.blocks ?? [];
    const object = parse(block?.type === "file" ? block.contents : "");
    expect(object).toMatchObject({ kind: "Pod", spec: podCrash.spec, status: podCrash.status });
  });

  it("is silent where there is none", async () => {
    expect((await runAction(getResourceYaml, podEvent({ pod: null }))).findings).toEqual([]);
  });
});

describe("fetch_resource_yaml", () => {
  it.each([
    ["pod", crashName, "shop"],
    ["Deployments", "web", "shop"],
    ["node", "node-1", undefined],
  ])("attaches the %s %s", async (kind, name, namespace) => {
    const event = alertEvent({ ...web, objects: [...web.objects, nodeReady] });
    const { blocks } = await runAction(fetchResourceYaml, event, { kind, name, namespace: namespace ?? null });
    expect(blocks).toMatchObject([{ type: "file", filename: `${name}.yaml`, contents: expect.stringContaining(name) }]);
  });

  it("says that there is none", async () => {
    const { blocks } = await runAction(fetchResourceYaml, alertEvent(), { kind: "pod", name: "api" });
    expect(blocks).toEqual([markdown("_There is no Pod api._")]);
  });

  it.each(["secret", "Secrets", "gizmo"])("refuses the kind %s when the configuration is read", async (kind) => {
    const run = runAction(fetchResourceYaml, alertEvent(), { kind, name: "a" });
    await expect(run).rejects.toThrow(`"${kind}" is no kind that Cortado reads; it reads Pod, Node, `);
  });
});

describe("fetch_resource_events", () => {
  it.each([
    [
      { kind: "pod", name: crashName, namespace: "shop" },
      `Pod shop/${crashName}: BackOff Started Created Pulled Scheduled`,
    ],
    [{ kind: "pod", name: "nopull" }, "_There are no events about Pod default/nopull._"],
    [{ kind: "node", name: "api" }, "_There are no events about Node api._"],
  ])("%j", async (params, text) => {
    const { blocks } = await runAction(
      fetchResourceEvents,
      alertEvent({ objects: [...eventsCrash, ...eventsWarning] }),
      params,
    );
    expect(shown(blocks)).toEqual([text]);
  });
});

describe("list_resource_names", () => {
  it.each([
    [{ kind: "pods", namespace: "shop" }, list([crashName, ...webPods.map(({ metadata }) => metadata.name)])],
    [{ kind: "deployment" }, list(["shop/web"])],
    [{ kind: "node" }, markdown("_There is no Node._")],
  ])("%j", async (params, block) => {
    expect((await runAction(listResourceNames, alertEvent(web), params)).blocks).toEqual([block]);
  });
});

const webRow = [
  "web-77dcbd4994-dnv8c",
  "shop",
  "test",
  "node-1",
  "",
  "0.01",
  "64",
  "16",
  "2026-11-22T15:17:37Z",
  "0",
  expect.stringMatching(/^10\./),
  "1",
  "Running",
  "",
];

describe("related_pods", () => {
  const rowsOf = (blocks: readonly Block[]) => blocks.flatMap((block) => (block.type === "table" ? block.rows : []));

  it.each([
    [{}, 2],
    [{ limit: 1 }, 1],
    [{ limit: null }, 2],
  ])("is a table: %j", async (params, count) => {
    const { blocks } = await runAction(relatedPods, alertEvent(web), params);
    expect(blocks).toMatchObject([{ headers: expect.arrayContaining(["name", "memory limit"]) }]);
    expect(rowsOf(blocks)).toHaveLength(count);
    expect(rowsOf(blocks)[0]).toEqual(webRow);
  });

  it.each([false, true])("is JSON; with raw data: %s", async (include_raw_data) => {
    const event = podEvent({ pod: podCrash });
    const { blocks } = await runAction(relatedPods, event, { output_format: "json", include_raw_data });
    expect(blocks).toMatchObject([
      {
        type: "json",
        value: [
          {
            name: crashName,
            namespace: "shop",
            clusterName: "test",
            cpuLimit: 0,
            restarts: 2,
            status: "Running",
            containers: [{ name: "crash", status: "waiting", statusReason: "CrashLoopBackOff", terminatedExitCode: 1 }],
            ...(include_raw_data ? { raw_data: { spec: podCrash.spec } } : {}),
          },
        ],
      },
    ]);
    expect(JSON.stringify(blocks).includes("raw_data")).toBe(include_raw_data);
  });

  it("is silent where there is no object", async () => {
    expect((await runAction(relatedPods, alertEvent())).findings).toEqual([]);
  });
});

describe("list_pods", () => {
  it.each([
    [{ name: "web-" }, ["web-77dcbd4994-dnv8c", "web-77dcbd4994-l24ld"]],
    [{ name: "web-", limit: 1 }, ["web-77dcbd4994-dnv8c"]],
    [{ name: crashName, namespace: "shop" }, [crashName]],
  ])("%j", async (params, names) => {
    const { blocks } = await runAction(listPods, alertEvent(web), params);
    expect(blocks.flatMap((block) => (block.type === "table" ? block.rows.map(([name]) => name) : []))).toEqual(names);
  });

  it.each([{ name: "eb" }, { name: "web", namespace: "other" }])("finds none: %j", async (params) => {
    const { blocks } = await runAction(listPods, alertEvent(web), params);
    expect(blocks).toEqual([markdown(`_No pod's name begins with ${params.name}._`)]);
  });
});
