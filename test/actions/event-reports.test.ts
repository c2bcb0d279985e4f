/** The actions on Kubernetes Events, on Events of a real cluster. */
import { describe, expect, it } from "vitest";
import { createEventFinding } from "../../src/actions/create-event-finding.ts";
import { eventReport } from "../../src/actions/event-report.ts";
import { eventResourceEvents } from "../../src/actions/event-resource-events.ts";
import { warningEventsReport } from "../../src/actions/warning-events-report.ts";
import { changeEvent, runAction } from "../../src/testing.ts";
import crash from "../fixtures/objects/events-crash.json" with { type: "json" };
import ofNode from "../fixtures/objects/events-node.json" with { type: "json" };

const backOff = crash.find(({ reason }) => reason === "BackOff");
const [scheduled] = crash;
const [oom] = ofNode;
if (backOff === undefined || scheduled === undefined || oom === undefined) throw new Error("the events are not there");
const warning = () => changeEvent("Event", { operation: "create", obj: backOff, objects: crash });
const pod = backOff.involvedObject.name;

const told = {
  title: `BackOff Warning for Pod shop/${pod}`,
  description: backOff.message,
  severity: "DEBUG",
  subject: { kind: "pod", name: pod, namespace: "shop" },
};

it("event_report tells what the Event says, of what it is about", async () => {
  expect((await runAction(eventReport, warning())).findings).toMatchObject([
    { ...told, aggregationKey: "KubernetesWarningEvent" },
  ]);
  const normal = changeEvent("Event", { operation: "create", obj: scheduled });
  expect((await runAction(eventReport, normal)).findings).toMatchObject([
    { title: `Scheduled Normal for Pod shop/${pod}`, aggregationKey: "KubernetesNormalEvent", severity: "INFO" },
  ]);
});

it("event_report names what has no namespace", async () => {
  const { findings } = await runAction(eventReport, changeEvent("Event", { operation: "create", obj: oom }));
  expect(findings).toMatchObject([
    { title: "SystemOOM Warning for Node node-1", subject: { kind: "node", name: "node-1", node: "node-1" } },
  ]);
});

it("create_event_finding has the aggregation key that it is given", async () => {
  const { findings } = await runAction(createEventFinding, warning(), { aggregation_key: "Mine" });
  expect(findings).toMatchObject([{ ...told, aggregationKey: "Mine" }]);
});

describe("warning_events_report", () => {
  const group = { aggregation_key: "PodLifecycleWarning", matchers: ["Evicted", "BackOff"] };
  it.each([
    [[], { aggregationKey: "KubernetesWarningEvent" }],
    [[{ aggregation_key: "Other", matchers: ["Unhealthy"] }], { aggregationKey: "KubernetesWarningEvent" }],
    [[group, { ...group, aggregation_key: "Later" }], { aggregationKey: "PodLifecycleWarning" }],
    [
      [{ ...group, description: "$kind $name of $namespace" }],
      { aggregationKey: "PodLifecycleWarning", description: `pod ${pod} of shop` },
    ],
  ])("with the groups %j: %o", async (warning_event_groups, expected) => {
    const { findings } = await runAction(warningEventsReport, warning(), { warning_event_groups });
    expect(findings).toMatchObject([{ ...told, ...expected }]);
  });
});

describe("event_resource_events", () => {
  it("shows what else was said of the object", async () => {
    const { enrichments } = await runAction(eventResourceEvents, warning());
    expect(enrichments).toMatchObject([
      { title: "Related Events", type: "k8s_events", blocks: [{ type: "events", name: `Pod shop/${pod}` }] },
    ]);
    const [block] = enrichments[0]?.blocks ?? [];
    const reasons = block?.type === "events" ? block.events.map(({ reason }) => reason) : [];
    expect(reasons).toEqual(expect.arrayContaining(["BackOff", "Started"]));
    expect(reasons.length).toBeLessThanOrEqual(8);
  });

  it("adds nothing where the Event is about nothing", async () => {
    const event = changeEvent("Event", { operation: "create", obj: { ...backOff, involvedObject: {} } });
    expect((await runAction(eventResourceEvents, event)).enrichments).toEqual([]);
  });
});
