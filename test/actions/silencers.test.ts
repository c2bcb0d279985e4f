import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nameSilencer } from "../../src/actions/name-silencer.ts";
import { nodeRestartSilencer } from "../../src/actions/node-restart-silencer.ts";
import { podStatusSilencer } from "../../src/actions/pod-status-silencer.ts";
import { silenceAlert } from "../../src/actions/silence-alert.ts";
import { alertEvent, fakeCluster, podEvent, runAction } from "../../src/testing.ts";
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };
import podUnschedulable from "../fixtures/objects/pod-pending-unschedulable.json" with { type: "json" };

describe("name_silencer", () => {
  it.each([
    [["TestAlert"], true],
    [["Other", "TestAlert"], true],
    [["testalert", "Test"], false],
    [[], false],
  ])("of %j: stops %s", async (names, stopped) => {
    expect(await runAction(nameSilencer, alertEvent(), { names })).toMatchObject({ stopped, findings: [] });
  });
});

describe("silence_alert", () => {
  it.each([
    [false, []],
    [true, ["alert silenced"]],
  ])("stops, and logs so where log_silence is %s", async (log_silence, messages) => {
    const { stopped, log } = await runAction(silenceAlert, alertEvent(), { log_silence });
    expect(stopped).toBe(true);
    expect(log.map(({ message }) => message)).toEqual(messages);
  });
});

describe("pod_status_silencer", () => {
  it.each([
    [{}, "Running", false],
    [{ include: ["Pending"] }, "Running", true],
    [{ include: ["Pending", "running"] }, "Running", false],
    [{ include: [] }, "Running", false],
    [{ exclude: ["Running"] }, "Running", true],
    [{ exclude: ["Unknown"] }, "Running", false],
    [{ include: ["Running"], exclude: ["Running"] }, "Running", true],
    [{ include: null, exclude: null }, "Running", false],
    [{ exclude: ["Pending"] }, "Pending", true],
  ])("%j, on a pod that is %s: stops %s", async (params, phase, stopped) => {
    const pod = phase === "Pending" ? podUnschedulable : podCrash;
    expect(pod.status.phase).toBe(phase);
    expect((await runAction(podStatusSilencer, podEvent({ pod }), params)).stopped).toBe(stopped);
  });

  it("silences nothing where there is no pod", async () => {
    const { stopped } = await runAction(podStatusSilencer, podEvent({ pod: null }), { include: ["Pending"] });
    expect(stopped).toBe(false);
  });
});

describe("node_restart_silencer", () => {
  const ready = new Date("2026-11-22T15:17:35Z");
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  const notReady = { ...nodeReady, status: { conditions: [{ type: "Ready", status: "False" }] } };
  const silent = {
    ...nodeReady,
    status: {},
    metadata: { ...nodeReady.metadata, creationTimestamp: "2026-11-22T15:17:35Z" },
  };

  it.each([
    ["it became ready", nodeReady, 299, {}, true],
    ["it became ready", nodeReady, 300, {}, false],
    ["it became ready", nodeReady, 599, { post_restart_silence: 600 }, true],
    ["it was made, where it says nothing", silent, 299, {}, true],
    ["it was made, where it is not ready", notReady, 0, {}, false],
  ])("on a node, after %s, %#", async (_, node, seconds, params, stopped) => {
    vi.setSystemTime(ready.getTime() + seconds * 1000);
    const event = alertEvent({ pod: podCrash, objects: [node] });
    expect((await runAction(nodeRestartSilencer, event, params)).stopped).toBe(stopped);
  });

  it.each([
    ["no pod", alertEvent({ objects: [nodeReady] })],
    ["a pod that is gone", alertEvent({ pod: null, objects: [nodeReady] })],
    ["a pod without a node", alertEvent({ pod: podUnschedulable, objects: [nodeReady] })],
    ["a pod whose node is gone", alertEvent({ pod: podCrash, cluster: fakeCluster() })],
  ])("silences nothing about %s", async (_, event) => {
    vi.setSystemTime(ready);
    expect((await runAction(nodeRestartSilencer, event)).stopped).toBe(false);
  });
});
