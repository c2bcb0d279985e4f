import { expect, it } from "vitest";
import { kubectlDescribe } from "../../src/actions/kubectl-describe.ts";
import { markdown } from "../../src/index.ts";
import { alertEvent, runAction } from "../../src/testing.ts";
import eventsCrash from "../fixtures/objects/events-crash.json" with { type: "json" };
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };
import workload from "../fixtures/objects/workload-web.json" with { type: "json" };

const objects = [podCrash, ...eventsCrash, ...workload, nodeReady];
const describeIt = async (params: Parameters<typeof kubectlDescribe.with>[0]) => {
  const { enrichments } = await runAction(kubectlDescribe, alertEvent({ objects }), params);
  const [block] = enrichments[0]?.blocks ?? [];
  return { title: enrichments[0]?.title, text: block?.type === "file" ? block.contents : undefined, block };
};

it("describes a pod with its containers, conditions and events", async () => {
  const { title, text } = await describeIt({ kind: "pod", name: podCrash.metadata.name, namespace: "shop" });
  expect(title).toBe(`Pod shop/${podCrash.metadata.name}`);
  expect(text).toMatchInlineSnapshot(`
    "Name:          crash-5659b5c85d-4z74w
    Namespace:     shop
    Kind:          Pod (v1)
    Created:       2026-11-22T15:17:37Z
    Controlled by: ReplicaSet crash-5659b5c85d
    Label:         app=crash
    Label:         pod-template-hash=5659b5c85d

    Spec:
      dnsPolicy:                     ClusterFirst
      enableServiceLinks:            true
      nodeName:                      node-1
      preemptionPolicy:              PreemptLowerPriority
      priority:                      0
      restartPolicy:                 Always
      schedulerName:                 default-scheduler
      serviceAccount:                default
      serviceAccountName:            default
      terminationGracePeriodSeconds: 30

    Status:
      hostIP:    10.244.255.1
      phase:     Running
      podIP:     10.244.0.4
      qosClass:  BestEffort
      startTime: 2026-11-22T15:17:37Z

    Containers:
      crash
        image: localhost/busybox:1
        state: 2 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 1 (Error) after 0 s, at 2026-11-22 15:17:55 UTC.

    Conditions:
      TYPE             STATUS  REASON              MESSAGE
      Initialized      True
      Ready            False   ContainersNotReady  containers with unready status: [crash]
      ContainersReady  False   ContainersNotReady  containers with unready status: [crash]
      PodScheduled     True

    Events:
      TYPE     REASON     COUNT  LAST SEEN                    MESSAGE
      Warning  BackOff    3      2026-11-22T15:18:12Z         Back-off restarting failed container
      Normal   Started    3      2026-11-22T15:17:55Z         Started container crash
      Normal   Created    3      2026-11-22T15:17:55Z         Created container crash
      Normal   Pulled     3      2026-11-22T15:17:55Z         Container image "localhost/busybox:1" already present on machine
      Normal   Scheduled  1      2026-11-22T15:17:37.593569Z  Successfully assigned shop/crash-5659b5c85d-4z74w to node-1
    "
  `);
});

it("describes a deployment by its numbers", async () => {
  const { text } = await describeIt({ kind: "Deployments", name: "web", namespace: "shop" });
  expect(text).toMatchInlineSnapshot(`
    "Name:       web
    Namespace:  shop
    Kind:       Deployment (apps/v1)
    Created:    2026-11-22T15:17:37Z
    Label:      app=web
    Annotation: deployment.kubernetes.io/revision=1

    Spec:
      progressDeadlineSeconds: 600
      replicas:                2
      revisionHistoryLimit:    10

    Status:
      availableReplicas:  2
      observedGeneration: 1
      readyReplicas:      2
      replicas:           2
      updatedReplicas:    2

    Conditions:
      TYPE         STATUS  REASON                    MESSAGE
      Available    True    MinimumReplicasAvailable  Deployment has minimum availability.
      Progressing  True    NewReplicaSetAvailable    ReplicaSet "web-77dcbd4994" has successfully progressed.
    "
  `);
});

it("says what the containers ask for", async () => {
  const { text } = await describeIt({ kind: "pod", name: workload[2]?.metadata.name ?? "", namespace: "shop" });
  expect(text).toContain("requests: cpu 10m, memory 16Mi\n");
  expect(text).toContain("limits:   memory 64Mi\n");
});

it("describes what is in no namespace", async () => {
  const { title, text } = await describeIt({ kind: "node", name: "node-1" });
  expect(title).toBe("Node node-1");
  expect(text).toContain("KubeletReady");
});

it("says that there is none", async () => {
  const { block } = await describeIt({ kind: "pod", name: "api" });
  expect(block).toEqual(markdown("_There is no Pod api._"));
});

it("refuses Secrets when the configuration is read", async () => {
  await expect(describeIt({ kind: "secret", name: "a" })).rejects.toThrow("is no kind that Cortado reads");
});
