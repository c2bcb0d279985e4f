/** The actions that change something, on a cluster with an API server: the embedded one, and the real one that keeps it honest. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { alertHandlingJob } from "../../src/actions/alert-handling-job.ts";
import { cordon } from "../../src/actions/cordon.ts";
import { deleteAlertPod } from "../../src/actions/delete-alert-pod.ts";
import { deleteJob } from "../../src/actions/delete-job.ts";
import { deletePod } from "../../src/actions/delete-pod.ts";
import { drain } from "../../src/actions/drain.ts";
import { rolloutRestart } from "../../src/actions/rollout-restart.ts";
import { scaleHpaCallback } from "../../src/actions/scale-hpa-callback.ts";
import { uncordon } from "../../src/actions/uncordon.ts";
import type { Cluster } from "../../src/kubernetes/kubernetes.ts";
import { alertEvent, runAction } from "../../src/testing.ts";

export interface ChangingFixture {
  readonly cluster: Cluster;
  /** A namespace of the tests' own, in which pods can be made, on a cluster of one node with no other pods. */
  readonly namespace: string;
  /** Makes a disruption budget of the name that lets no pod with the label `app=<name>` go; and takes it away. */
  readonly holdBack: (name: string) => Promise<void>;
  readonly letGo: (name: string) => Promise<void>;
  /** Makes a pod of a DaemonSet on the node; its name. */
  readonly makeDaemon: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** What the job of `alert_handling_job` runs, and what must come of it. */
export const handling = {
  command: ["sh", "-c", 'echo "handled $ALERT_NAME of $ALERT_LABEL_TEAM"'],
  log: "handled TestAlert of web\n",
};

const pause = { name: "main", image: "localhost/pause:1" };
const sleeper = { name: "main", image: "localhost/busybox:1", command: ["sleep", "100000"] };

export function changingActions(name: string, make: () => Promise<ChangingFixture>): void {
  describe(`actions that change something, on ${name}`, () => {
    let fixture: ChangingFixture;
    let cluster: Cluster;
    let namespace: string;
    let node: string;
    beforeAll(async () => {
      fixture = await make();
      ({ cluster, namespace } = fixture);
      node = (await cluster.list("Node"))[0]?.metadata.name ?? "";
    });
    afterAll(() => fixture.close());

    /** An alert whose labels name what is there. */
    const alert = (labels: Record<string, string>, at = cluster) => ({
      ...alertEvent({ labels: { namespace, ...labels } }),
      cluster: { ...at, calls: [], commands: [], put: () => undefined },
    });
    const makePod = (pod: string, app = pod) =>
      cluster.create("Pod", {
        metadata: { name: pod, namespace, labels: { app } },
        spec: { nodeName: node, terminationGracePeriodSeconds: 0, containers: [pause] },
      });
    const gone = async (kind: "Pod" | "Job", name: string) => {
      while ((await cluster.get(kind, name, namespace)) !== undefined) await sleep(50);
    };
    const running = async (name: string) => {
      while ((await cluster.get("Pod", name, namespace))?.status?.phase !== "Running") await sleep(50);
    };

    it.each([
      ["delete_pod", deletePod],
      ["delete_alert_pod", deleteAlertPod],
    ])("%s", async (_, action) => {
      await makePod("mistaken");
      const { blocks } = await runAction(action, alert({ pod: "mistaken" }));
      expect(blocks).toMatchObject([{ text: expect.stringContaining("Deleted the pod *mistaken*.") }]);
      await gone("Pod", "mistaken");
    });

    it("delete_job", async () => {
      const template = { spec: { restartPolicy: "Never", terminationGracePeriodSeconds: 0, containers: [sleeper] } };
      await cluster.create("Job", { metadata: { name: "endless", namespace }, spec: { template } });
      const { blocks } = await runAction(deleteJob, alert({ job_name: "endless" }));
      expect(blocks).toMatchObject([{ text: "Deleted the job *endless* with its pods." }]);
      await gone("Job", "endless");
      while ((await cluster.list("Pod", { namespace, labelSelector: "job-name=endless" })).length > 0) await sleep(50);
    });

    it("rollout_restart", async () => {
      const selector = { matchLabels: { app: "restarted" } };
      const template = { metadata: { labels: selector.matchLabels }, spec: { containers: [pause] } };
      const spec = { replicas: 0, selector, template };
      const before = await cluster.create("Deployment", { metadata: { name: "restarted", namespace }, spec });
      const { blocks } = await runAction(rolloutRestart, alert({ deployment: "restarted" }));
      expect(blocks).toMatchObject([{ text: `Restarted the Deployment *${namespace}/restarted*.` }]);
      const after = await cluster.get("Deployment", "restarted", namespace);
      const annotations = after?.spec?.template.metadata?.annotations ?? {};
      expect(Date.parse(annotations["kubectl.kubernetes.io/restartedAt"] ?? "")).toBeGreaterThan(0);
      expect(after?.metadata.generation).toBeGreaterThan(before.metadata.generation ?? 0);
    });

    it("scale_hpa_callback", async () => {
      const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "restarted" };
      const spec = { scaleTargetRef, minReplicas: 2, maxReplicas: 3 };
      await cluster.create("HorizontalPodAutoscaler", { metadata: { name: "scaler", namespace }, spec });
      const event = () => alert({ horizontalpodautoscaler: "scaler" });
      const { blocks } = await runAction(scaleHpaCallback, event(), { max_replicas: 7 });
      expect(blocks).toMatchObject([{ text: "The autoscaler *scaler* may go up to 7 replicas now; it was 3 before." }]);
      expect((await cluster.get("HorizontalPodAutoscaler", "scaler", namespace))?.spec?.maxReplicas).toBe(7);
    });

    it("alert_handling_job", async () => {
      const params = { image: "localhost/busybox:1", command: handling.command, namespace, name: "handler" };
      const { blocks } = await runAction(alertHandlingJob, alert({ team: "web" }), params);
      expect(blocks).toMatchObject([
        { text: expect.stringMatching(/^The job \*handler-.+\* has ended well\.$/) },
        { type: "file", contents: handling.log },
      ]);
    });

    describe("on the node", () => {
      const unschedulable = async () => (await cluster.get("Node", node))?.spec?.unschedulable ?? false;
      afterEach(() => runAction(uncordon, alert({ node })));

      it("cordon and uncordon", async () => {
        await runAction(cordon, alert({ node }));
        expect(await unschedulable()).toBe(true);
        const again = await runAction(cordon, alert({ node }));
        expect(again.blocks).toMatchObject([{ text: `The node *${node}* was cordoned already.` }]);
        await runAction(uncordon, alert({ node }));
        expect(await unschedulable()).toBe(false);
      });

      it("drain: asks the budgets until its time is over, and again", async () => {
        await fixture.holdBack("held");
        const daemon = await fixture.makeDaemon();
        await makePod("held");
        await makePod("free");
        await Promise.all(["held", "free", daemon].map(running));
        const ending = new AbortController();
        const { signal } = ending;
        const observed = cluster.within({
          onCall: ({ status }) => status === 429 && ending.abort(new Error("no more time")),
        });
        await expect(runAction(drain, alert({ node }, observed), {}, { signal })).rejects.toThrow("no more time");
        expect(await unschedulable()).toBe(true);
        await gone("Pod", "free");
        expect((await cluster.get("Pod", "held", namespace))?.metadata.deletionTimestamp).toBeUndefined();

        await fixture.letGo("held");
        const { blocks } = await runAction(drain, alert({ node }));
        expect(await cluster.get("Pod", "held", namespace)).toBeUndefined();
        expect((await cluster.get("Pod", daemon, namespace))?.metadata.deletionTimestamp).toBeUndefined();
        expect(blocks).toMatchObject([
          { text: `The node *${node}* is cordoned and is drained.` },
          {
            rows: expect.arrayContaining([
              [namespace, "held", "evicted", "nothing controls it, so no new one is made"],
              [namespace, daemon, "skipped", "it is of the DaemonSet agent"],
            ]),
          },
        ]);
      });
    });
  });
}
