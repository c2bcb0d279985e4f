import { describe, expect, it } from "vitest";
import { podIssueInvestigator } from "../../src/actions/pod-issue-investigator.ts";
import { list, markdown } from "../../src/index.ts";
import type { ObjectInput } from "../../src/testing.ts";
import { alertEvent, podEvent, runAction } from "../../src/testing.ts";
import eventsWarning from "../fixtures/objects/events-warning.json" with { type: "json" };
import podBadCommand from "../fixtures/objects/pod-badcommand.json" with { type: "json" };
import podBadConfig from "../fixtures/objects/pod-badconfig.json" with { type: "json" };
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };
import podNoPull from "../fixtures/objects/pod-imagepullbackoff.json" with { type: "json" };
import podInitFail from "../fixtures/objects/pod-initfail.json" with { type: "json" };
import podNotReady from "../fixtures/objects/pod-notready.json" with { type: "json" };
import podOom from "../fixtures/objects/pod-oom-loop.json" with { type: "json" };
import podOomOnce from "../fixtures/objects/pod-oom-once.json" with { type: "json" };
import podUnschedulable from "../fixtures/objects/pod-pending-unschedulable.json" with { type: "json" };
import podUnhealthy from "../fixtures/objects/pod-unhealthy.json" with { type: "json" };
import workload from "../fixtures/objects/workload-web.json" with { type: "json" };

const investigate = async (pod: ObjectInput, objects: readonly ObjectInput[] = []) =>
  (await runAction(podIssueInvestigator, podEvent({ pod, objects }))).enrichments;
const status = (fields: object): ObjectInput => ({ metadata: { name: "api" }, status: fields });
const container = (state: object) => ({ name: "app", image: "app:1", ready: false, restartCount: 0, state });

describe("pod_issue_investigator", () => {
  it.each<[string, ObjectInput, string]>([
    [
      "cannot be scheduled",
      podUnschedulable,
      "*toobig*: no node takes it: 0/1 nodes are available: 1 Insufficient cpu. Next, look at what it requests and what the nodes have left, its node selector and tolerations, its volumes.",
    ],
    [
      "cannot pull its image",
      podNoPull,
      "*nopull*: the image localhost:5999/nothing:1 of container c cannot be pulled (ImagePullBackOff). Next, look at the image's name and tag, the registry, and the pod's image pull secret.",
    ],
    [
      "has no configuration",
      podBadConfig,
      '*badconfig*: container c cannot be started (CreateContainerConfigError): configmap "missing" not found. Next, look at the ConfigMaps, Secrets and volumes that it names, and its command.',
    ],
    [
      "has no such command",
      podBadCommand,
      "*badcommand*: *c*: 2 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 128 (StartError), at 2026-11-22 15:17:59 UTC. Next, look at the command of container c, and whether its image has it.",
    ],
    [
      "crashes",
      podCrash,
      "*crash-5659b5c85d-4z74w*: *crash*: 2 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 1 (Error) after 0 s, at 2026-11-22 15:17:55 UTC. Next, look at the log of the last run of container crash.",
    ],
    [
      "has an init container that crashes",
      podInitFail,
      "*initfail*: *migrate*: 2 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 3 (Error) after 0 s, at 2026-11-22 15:18:00 UTC. Next, look at the log of the last run of container migrate.",
    ],
    [
      "is killed for its memory",
      podOom,
      "*oom-loop*: *hog*: 2 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 137 (OOMKilled) after 1 s, at 2026-11-22 15:17:58 UTC. Next, look at the memory limit of container hog, and what it uses.",
    ],
    [
      "was killed for its memory",
      podOomOnce,
      "*oom-once*: container hog ended with exit code 137 (OOMKilled). Next, look at the memory limit of container hog, and what it uses.",
    ],
    [
      "fails its liveness probe",
      podUnhealthy,
      "*unhealthy*: *c*: 3 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 137 (Error) after 4 s, at 2026-11-22 15:18:14 UTC. Next, look at its liveness probe, and the log of container c from before it was killed.",
    ],
    [
      "is not ready",
      podNotReady,
      "*notready*: it runs, but c is not ready. Next, look at the readiness probe, and the container's log.",
    ],
    [
      "was evicted",
      status({ phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." }),
      "*api*: it was evicted: The node was low on resource: memory. Next, look at the conditions of its node (memory, disk, processes), and what the pod requests of them.",
    ],
    [
      "starts",
      status({ phase: "Pending", containerStatuses: [container({ waiting: { reason: "ContainerCreating" } })] }),
      "*api*: container app has not started (ContainerCreating). Next, look at the events about the pod: volumes that cannot be mounted, a network that cannot be set up.",
    ],
    [
      "is not ready though its containers are",
      status({ phase: "Running", conditions: [{ type: "Ready", status: "False", message: "gate is closed" }] }),
      "*api*: it is not ready: gate is closed. Next, look at its readiness gates, and its node.",
    ],
  ])("a pod that %s", async (_, pod, text) => {
    expect(await investigate(pod)).toEqual([{ title: "Pod issues", blocks: [list([text])] }]);
  });

  it.each([
    [podNoPull, "dial tcp 127.0.0.1:5999: connect: connection refused. Next, look at"],
    [podNotReady, ' Latest warning: Unhealthy, Readiness probe failed: Get "http://10.244.0.11:9/"'],
  ])("says what the latest warning was, %#", async (pod, text) => {
    expect(await investigate(pod, eventsWarning)).toMatchObject([
      { blocks: [{ items: [expect.stringContaining(text)] }] },
    ]);
  });

  it.each<[string, ObjectInput]>([
    ["runs", workload[2] ?? {}],
    ["has ended well", status({ phase: "Succeeded", containerStatuses: [container({ terminated: { exitCode: 0 } })] })],
  ])("is silent about a pod that %s", async (_, pod) => {
    expect(await investigate(pod)).toEqual([]);
  });

  const [deployment, replicaSet, ...pods] = workload;
  const copies = (pod: typeof podNotReady, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      ...pod,
      metadata: { ...pod.metadata, ...pods[0]?.metadata, name: `web-${n}`, uid: `${n}` },
    }));

  it("counts the pods of a workload, and shows ten", async () => {
    const objects = [replicaSet ?? {}, ...pods, ...copies(podNotReady, 12)];
    const { blocks } = await runAction(podIssueInvestigator, alertEvent({ deployment: deployment ?? {}, objects }));
    expect(blocks).toMatchObject([
      markdown("Something is wrong with 12 of 14 pods of Deployment shop/web."),
      { type: "list", items: { length: 10 } },
      markdown("_And 2 more._"),
    ]);
  });

  it("says why there are no pods", async () => {
    const conditions = [{ type: "ReplicaFailure", status: "True", message: "exceeded quota: pods" }];
    const event = alertEvent({ deployment: { metadata: { name: "web" }, status: { conditions } } });
    const { blocks } = await runAction(podIssueInvestigator, event);
    expect(blocks).toEqual([markdown("Deployment shop/web has no pods. exceeded quota: pods")]);
  });

  it("is silent where nothing is named", async () => {
    expect((await runAction(podIssueInvestigator, alertEvent())).findings).toEqual([]);
  });
});
