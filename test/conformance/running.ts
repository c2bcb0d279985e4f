/** Running jobs and commands on nodes, and waiting for pods, on a cluster with an API server: the embedded one, and the real one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createJob,
  type JobOptions,
  runJob,
  runOnNode,
  waitForJob,
  waitForPod,
  waitForPodReady,
} from "../../src/index.ts";
import { createDryRun } from "../../src/kubernetes/dry-run.ts";
import type { Cluster } from "../../src/kubernetes/kubernetes.ts";

export interface RunningFixture {
  readonly cluster: Cluster;
  /** A namespace of the tests' own, in which pods can be made. */
  readonly namespace: string;
  /** Seconds in which a pod has started, and after which one that cannot start has said so. */
  readonly seconds: { readonly starts: number; readonly fails: number };
  readonly close: () => Promise<void>;
}

const shell = (script: string) => ["sh", "-c", script];

/** What the jobs run, and what must come of it; an embedded cluster has it scripted. */
export const commandsOfJobs = {
  fine: { script: "echo hello $WHO", stdout: "hello world\n" },
  failing: { script: "echo trying; exit 3", stdout: "trying\n", exitCode: 3 },
  endless: { script: "echo begun; sleep 600", stdout: "begun\n", hang: true },
  secret: { script: "echo $PASSWORD | tr a-z b-za", stdout: "ujhfs\n" },
} as const;

export const missingImage = "localhost/no-such-image:1";

export function running(name: string, make: () => Promise<RunningFixture>): void {
  describe(`running something, on ${name}`, () => {
    let fixture: RunningFixture;
    let cluster: Cluster;
    let namespace: string;
    beforeAll(async () => {
      fixture = await make();
      ({ cluster, namespace } = fixture);
    });
    afterAll(() => fixture.close());

    const { signal } = new AbortController();
    const { fine, failing, endless, secret } = commandsOfJobs;
    const job = (name: string, script: string, more: Partial<JobOptions> = {}): JobOptions => ({
      name,
      namespace,
      image: "localhost/busybox:1",
      command: shell(script),
      ...more,
      podSpec: { terminationGracePeriodSeconds: 0, ...more.podSpec },
    });
    const left = async (kind: "Job" | "Pod" | "Secret", name: string) =>
      (await cluster.list(kind, { namespace })).filter(({ metadata }) => metadata.name.startsWith(`${name}-`));
    /** A pod that has ended goes a moment after its job. */
    const allGone = async (name: string) => {
      expect(await left("Job", name)).toEqual([]);
      await expect.poll(() => left("Pod", name), { timeout: 15_000 }).toEqual([]);
    };

    describe("runJob", () => {
      it("brings the log of one that ends well, and leaves nothing", async () => {
        const options = job("fine", fine.script, { env: [{ name: "WHO", value: "world" }], labels: { team: "shop" } });
        const result = await runJob(cluster, options, { signal });
        expect(result).toMatchObject({ succeeded: true, ended: true, why: "", exitCode: 0, logs: fine.stdout });
        expect(result.job.metadata).toMatchObject({
          name: expect.stringMatching(/^fine-/),
          labels: { team: "shop", "app.kubernetes.io/managed-by": "cortado" },
        });
        expect(result.leftBehind).toBeUndefined();
        await allGone("fine");
      });

      it("says how one failed", async () => {
        const result = await runJob(cluster, job("failing", failing.script), { signal });
        expect(result).toMatchObject({ succeeded: false, ended: true, exitCode: 3, logs: "trying\n" });
        expect(result.why).toMatch(/^has failed \(BackoffLimitExceeded: /);
        await allGone("failing");
      });

      it("gives up at its timeout, with the log until then", async () => {
        const result = await runJob(cluster, job("endless", endless.script), {
          signal,
          timeoutSeconds: fixture.seconds.starts,
        });
        expect(result).toMatchObject({ succeeded: false, ended: false, exitCode: undefined, logs: "begun\n" });
        expect(result.why).toMatch(/^has not ended within [\d.]+ s: its pod is Running$/);
        await allGone("endless");
      });

      it("takes it back when it is told to stop", async () => {
        const aborting = new AbortController();
        const observed = cluster.within({
          signal: aborting.signal,
          // By then the job is made, and looked at.
          onCall: ({ verb, resource }) =>
            verb === "list" && resource === "pods" && aborting.abort(new Error("the alert has resolved")),
        });
        const stopped = runJob(observed, job("stopped", endless.script), { signal: aborting.signal });
        await expect(stopped).rejects.toThrow("the alert has resolved");
        await allGone("stopped");
      });

      it("tells early of a pod that does not start", async () => {
        const waiting = { signal, timeoutSeconds: 60, startSeconds: fixture.seconds.fails };
        const pulling = await runJob(cluster, job("pulling", "true", { image: missingImage }), waiting);
        expect(pulling).toMatchObject({ succeeded: false, ended: false, logs: "" });
        expect(pulling.why).toMatch(
          /^does not start: its container action cannot start: (ErrImagePull|ImagePullBackOff)/,
        );
        const podSpec = { nodeSelector: { "kubernetes.io/hostname": "nowhere" } };
        const unscheduled = await runJob(cluster, job("unscheduled", "true", { podSpec }), waiting);
        expect(unscheduled.why).toMatch(/^does not start: no node takes its pod \(0\/1 nodes are available/);
        await allGone("pulling");
        await allGone("unscheduled");
      });

      it("hands over what nobody else should read, in a Secret that goes with it", async () => {
        const options = job("secretive", secret.script, { secretEnv: { PASSWORD: "tiger" } });
        const result = await runJob(cluster, options, { signal });
        expect(JSON.stringify(result.job)).not.toContain("tiger");
        expect(result.logs).toBe(secret.stdout);
        await expect.poll(() => left("Secret", "secretive"), { timeout: 15_000 }).toEqual([]);
      });

      it("says what the cluster refuses, and makes nothing", async () => {
        const refused = runJob(cluster, { ...job("lost", "true"), namespace: "nowhere" }, { signal });
        await expect(refused).rejects.toMatchObject({ name: "ClusterError", code: 404 });
      });
    });

    it("createJob makes one job for a key, which waitForJob waits for", async () => {
      const options = job("keyed", failing.script, { key: "run 1" });
      const first = await createJob(cluster, options);
      const second = await createJob(cluster, options);
      expect(second.metadata.uid).toBe(first.metadata.uid);
      const other = await createJob(cluster, { ...options, key: "run 2" });
      expect(other.metadata.name).not.toBe(first.metadata.name);
      expect(await waitForJob(cluster, second, { signal })).toMatchObject({
        ended: true,
        exitCode: 3,
        logs: "trying\n",
      });
      await cluster.delete("Job", first.metadata.name, namespace);
      await expect(waitForJob(cluster, first, { signal })).rejects.toMatchObject({ code: 404 });
      await cluster.delete("Job", other.metadata.name, namespace);
      await allGone("keyed");
    });

    it("in a dry run there is no job, and nobody waits for one", async () => {
      const dryRun = createDryRun();
      const dry = cluster.within({ dryRun });
      const options = job("tried", fine.script);
      const notMade = { name: "DryRunError", message: expect.stringContaining(`the job ${namespace}/tried-`) };
      await expect(runJob(dry, options, { signal })).rejects.toMatchObject(notMade);
      await expect(waitForJob(dry, await createJob(dry, options), { signal })).rejects.toMatchObject(notMade);
      const pod = { metadata: { name: "tried", namespace } };
      await expect(waitForPod(dry, pod, "Running", { signal })).rejects.toMatchObject({ name: "DryRunError" });
      expect(dryRun.effects.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual(
        Array(2).fill("create jobs.batch"),
      );
      await allGone("tried");
    });

    describe("runOnNode", () => {
      const node = async () => (await cluster.list("Node"))[0]?.metadata.name ?? "";
      const on = async (script: string) => ({
        node: await node(),
        namespace,
        image: "localhost/busybox:1",
        command: script,
      });

      it("brings the output and the exit code, from that node", async () => {
        const pods: string[] = [];
        const command = { ...(await on(failing.script)), annotations: { team: "shop" } };
        const observed = cluster.within({ onCall: ({ resource }) => pods.push(resource) });
        expect(await runOnNode(observed, command, { signal })).toEqual({ output: "trying\n", exitCode: 3 });
        expect([...new Set(pods)].sort()).toEqual(["jobs.batch", "pods", "pods/log"]);
        await allGone("node-command");
      });

      it("fails of a command that does not end, with its output until then", async () => {
        const ended = runOnNode(cluster, await on(endless.script), { signal, timeoutSeconds: fixture.seconds.starts });
        await expect(ended).rejects.toMatchObject({
          name: "ClusterError",
          reason: "Timeout",
          message: expect.stringMatching(
            /has not ended within [\d.]+ s: its pod is Running\. Its output until then: begun/,
          ),
        });
        await allGone("node-command");
      });

      it("fails where its pod does not start", async () => {
        const command = { ...(await on("true")), image: missingImage };
        const ended = runOnNode(cluster, command, { signal, startSeconds: fixture.seconds.fails });
        await expect(ended).rejects.toThrow(/does not start: its container action cannot start: /);
        await allGone("node-command");
      });
    });

    it("waitForPod and waitForPodReady see a pod come up", async () => {
      const containers = [{ name: "main", image: "localhost/pause:1" }];
      const spec = { terminationGracePeriodSeconds: 0, containers };
      const pod = await cluster.create("Pod", { metadata: { name: "rising", namespace }, spec });
      expect((await waitForPod(cluster, pod, "Running", { signal })).status?.phase).toBe("Running");
      const ready = await waitForPodReady(cluster, pod, { signal });
      expect(ready.status?.containerStatuses?.[0]?.ready).toBe(true);
      await cluster.delete("Pod", "rising", namespace, { gracePeriodSeconds: 0 });
      await expect(waitForPodReady(cluster, pod, { signal })).rejects.toMatchObject({ code: 404 });
    });
  });
}
