/** What every implementation of an API server must do for the cluster port: the embedded one, and the real one that keeps it honest. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Api } from "../../src/kubernetes/api.ts";
import type { Cluster, ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import type { Pod } from "../../src/kubernetes/objects.gen.ts";
import { customOwners } from "./custom-owners.ts";
import { dryRuns } from "./dry-run.ts";
import { evictions } from "./evictions.ts";
import { views } from "./views.ts";

export interface ClusterFixture {
  readonly cluster: Cluster;
  /** The same API server, for what the port does not write. */
  readonly api: Api;
  /** A namespace of the tests' own, in which pods can be made. */
  readonly namespace: string;
  /**
   * The pods `talker` and `crasher` as in `podsOfConformance`, running: `talker` has written its logs, `crasher` has ended and was
   * started again at least once.
   */
  readonly close: () => Promise<void>;
  /** Makes a disruption budget of the name that lets no pod with the label `app=<name>` go. */
  readonly holdBack: (name: string) => Promise<void>;
}

const shell = (name: string, script: string) => ({
  name,
  image: "localhost/busybox:1",
  command: ["sh", "-c", script],
});

/** As manifests. What they do is in the scripts; an embedded cluster has its answers scripted to the same effect. */
export const podsOfConformance = [
  {
    metadata: { name: "talker", labels: { app: "talker", tier: "front" } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        shell("main", "for i in 1 2 3 4 5; do echo line $i; done; sleep 100000"),
        shell("side", "echo side; sleep 100000"),
      ],
    },
  },
  {
    metadata: { name: "crasher", labels: { app: "crasher", tier: "front" } },
    spec: { terminationGracePeriodSeconds: 0, containers: [shell("main", "echo crashing; sleep 1; exit 3")] },
  },
];

/** What the tests run in `talker`, and what must come of it. */
export const commandsOfConformance = {
  both: "echo out; sleep 0.5; echo err >&2; exit 7",
  quiet: "true",
  long: "echo begun; sleep 600",
  much: "head -c 3000000 /dev/zero | tr '\\0' x",
} as const;

const refusal = (code: number, reason: string) => expect.objectContaining({ name: "ClusterError", code, reason });
const nowhere = "no-such-object";
const noUid = "00000000-0000-0000-0000-000000000000";

export function clusterConformance(name: string, make: () => Promise<ClusterFixture>): void {
  describe(`the cluster port on ${name}`, () => {
    let fixture: ClusterFixture;
    let cluster: Cluster;
    let namespace: string;
    beforeAll(async () => {
      fixture = await make();
      ({ cluster, namespace } = fixture);
    });
    afterAll(() => fixture.close());

    const secret = (name: string, labels: Record<string, string> = {}) =>
      cluster.create("Secret", { metadata: { name, namespace, labels }, stringData: { key: "value" } });
    const talker = async (): Promise<Pod> => {
      const pod = await cluster.get("Pod", "talker", namespace);
      if (pod === undefined) throw new Error("there is no talker");
      return pod;
    };

    views(() => fixture);
    dryRuns(() => fixture);

    describe("reads", () => {
      it("an object as the server's JSON", async () => {
        const pod = await talker();
        expect(pod).toMatchObject({ kind: "Pod", apiVersion: "v1", metadata: { name: "talker", namespace } });
        expect(pod.spec?.containers.map(({ name }) => name)).toEqual(["main", "side"]);
        expect(JSON.parse(JSON.stringify(pod))).toEqual(pod);
        expect(typeof pod.metadata.creationTimestamp).toBe("string");
      });

      it("undefined where there is none, whatever the kind and the name", async () => {
        expect(await cluster.get("Pod", nowhere, namespace)).toBeUndefined();
        expect(await cluster.get("Pod", "talker", nowhere)).toBeUndefined();
        expect(await cluster.get("Deployment", nowhere, namespace)).toBeUndefined();
        expect(await cluster.get("Node", nowhere)).toBeUndefined();
        expect(await cluster.get("HorizontalPodAutoscaler", nowhere, namespace)).toBeUndefined();
        for (const impossible of ["", ".", "..", "a/b", "%2e%2e"]) {
          expect(await cluster.get("Pod", impossible, namespace)).toBeUndefined();
        }
      });

      it.each([
        [{ labelSelector: "app=talker" }, ["talker"]],
        [{ labelSelector: "tier=front,app!=talker" }, ["crasher"]],
        [{ labelSelector: "app in (talker, crasher)" }, ["crasher", "talker"]],
        [{ labelSelector: "!tier" }, []],
        [{ fieldSelector: "metadata.name=crasher" }, ["crasher"]],
        [{ fieldSelector: "metadata.name!=crasher", labelSelector: "tier" }, ["talker"]],
      ])("a list by %o", async (selectors, names) => {
        const pods = await cluster.list("Pod", { namespace, ...selectors });
        expect(pods.map(({ metadata }) => metadata.name).sort()).toEqual(names);
      });

      it("lists in pages, of a namespace and of all", async () => {
        const names = Array.from({ length: 7 }, (_, index) => `paged-${index}`);
        await Promise.all(names.map((name) => secret(name, { paged: "yes" })));
        const options = { namespace, labelSelector: "paged=yes" };
        expect(await cluster.list("Secret", { ...options, limit: 3 })).toHaveLength(3);
        expect((await cluster.list("Secret", options)).map(({ metadata }) => metadata.name).sort()).toEqual(names);
        expect(await cluster.list("Secret", { labelSelector: "paged=yes" })).toHaveLength(7);
      });

      it("items of a list as the server's JSON, with their members", async () => {
        const [pod] = await cluster.list("Pod", { namespace, labelSelector: "app=talker" });
        expect(Object.keys(pod ?? {})).not.toContain("logs");
        expect(await pod?.logs({ tailLines: 1 })).toBe("line 5\n");
      });

      it("refuses a selector that is none", async () => {
        await expect(cluster.list("Pod", { namespace, labelSelector: "a b c" })).rejects.toEqual(
          refusal(400, "BadRequest"),
        );
      });
    });

    describe("writes", () => {
      it("creates, and refuses a second of the name", async () => {
        const made = await secret("made");
        expect(made).toMatchObject({ kind: "Secret", type: "Opaque", data: { key: "dmFsdWU=" } });
        await expect(secret("made")).rejects.toEqual(refusal(409, "AlreadyExists"));
        const lost = cluster.create("Secret", { metadata: { name: "lost", namespace: nowhere } });
        await expect(lost).rejects.toEqual(refusal(404, "NotFound"));
      });

      it("updates, unless somebody was faster", async () => {
        const first = await secret("updated");
        const second = await cluster.update("Secret", { ...first, data: { key: "Mg==" } });
        expect(second.data).toEqual({ key: "Mg==" });
        expect(second.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
        await expect(cluster.update("Secret", { ...first, data: {} })).rejects.toEqual(refusal(409, "Conflict"));
      });

      it("patches by merge", async () => {
        await secret("merged", { old: "yes", kept: "yes" });
        const patch = { metadata: { labels: { old: null, new: "yes" } } };
        const merged = await cluster.patch("Secret", "merged", namespace, { type: "merge", patch });
        expect(merged.metadata.labels).toEqual({ kept: "yes", new: "yes" });
        const lost = cluster.patch("Secret", nowhere, namespace, { type: "merge", patch });
        await expect(lost).rejects.toEqual(refusal(404, "NotFound"));
      });

      it("patches by operations, all or none", async () => {
        await secret("operated");
        const patch = [
          { op: "test", path: "/data/key", value: "dmFsdWU=" },
          { op: "replace", path: "/data/key", value: "Mg==" },
          { op: "add", path: "/data/other", value: "Mw==" },
        ];
        const operated = await cluster.patch("Secret", "operated", namespace, { type: "json", patch });
        expect(operated.data).toEqual({ key: "Mg==", other: "Mw==" });
        const again = cluster.patch("Secret", "operated", namespace, { type: "json", patch });
        await expect(again).rejects.toMatchObject({ name: "ClusterError", code: 422 });
      });

      it("deletes once, and only the object that is meant", async () => {
        const { metadata } = await secret("deleted");
        const another = cluster.delete("Secret", "deleted", namespace, { uid: noUid });
        await expect(another).rejects.toEqual(refusal(409, "Conflict"));
        const uid = metadata.uid ?? "";
        expect(await cluster.delete("Secret", "deleted", namespace, { uid })).toBe(true);
        expect(await cluster.get("Secret", "deleted", namespace)).toBeUndefined();
        expect(await cluster.delete("Secret", "deleted", namespace)).toBe(false);
      });

      it("deletes a pod within its grace period", async () => {
        const containers = [{ name: "main", image: "localhost/pause:1" }];
        await cluster.create("Pod", { metadata: { name: "short", namespace }, spec: { containers } });
        expect(await cluster.delete("Pod", "short", namespace, { gracePeriodSeconds: 0 })).toBe(true);
        expect(await cluster.get("Pod", "short", namespace)).toBeUndefined();
      });

      evictions(() => fixture);

      it("autoscalers in the version that the cluster serves", async () => {
        const spec = { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3 };
        const made = await cluster.create("HorizontalPodAutoscaler", { metadata: { name: "scaler", namespace }, spec });
        expect(made.spec).toMatchObject(spec);
        const read = await cluster.get("HorizontalPodAutoscaler", "scaler", namespace);
        expect(read?.spec?.maxReplicas).toBe(3);
        expect(await cluster.list("HorizontalPodAutoscaler", { namespace })).toHaveLength(1);
      });
    });

    describe("logs", () => {
      it.each([
        ["of the container named", { container: "side" }, "side\n"],
        ["of the first container otherwise", {}, "line 1\nline 2\nline 3\nline 4\nline 5\n"],
        ["the last lines", { container: "main", tailLines: 2 }, "line 4\nline 5\n"],
        ["of a time", { container: "main", sinceSeconds: 100_000 }, "line 1\nline 2\nline 3\nline 4\nline 5\n"],
        ["the last bytes, in whole lines", { container: "main", limitBytes: 17 }, "line 4\nline 5\n"],
      ])("%s", async (_, options, text) => {
        expect(await cluster.logs(namespace, "talker", options)).toBe(text);
      });

      it("of the run before", async () => {
        // While a kubelet starts the container once more, the run before is another one, or for a moment none.
        const before = () => cluster.logs(namespace, "crasher", { previous: true });
        await expect.poll(before, { timeout: 15_000 }).toBe("crashing\n");
        expect(await cluster.logs(namespace, "talker", { container: "main", previous: true })).toBeUndefined();
      });

      it("undefined of a pod that is gone, an error of a container that cannot be", async () => {
        expect(await cluster.logs(namespace, nowhere)).toBeUndefined();
        const wrong = cluster.logs(namespace, "talker", { container: nowhere });
        await expect(wrong).rejects.toEqual(refusal(400, "BadRequest"));
      });

      it("filtered and redacted", async () => {
        const pod = await talker();
        const redact = [{ name: "NUMBER", regex: "[0-9]" }];
        expect(await pod.logs({ filterRegex: "[24]" })).toBe("line 2\nline 4\n");
        expect(await pod.logs({ filterRegex: "3", redact })).toBe("line [NUMBER]\n");
        expect(await pod.logs({ tailLines: 1, redact, redactionStyle: "same_length_asterisks" })).toBe("line *\n");
      });
    });

    describe("exec", () => {
      it("brings both streams and the exit code", async () => {
        const pod = await talker();
        const ended = { stdout: "out\n", stderr: "err\n", output: "out\nerr\n", exitCode: 7 };
        expect(await pod.exec(commandsOfConformance.both)).toEqual(ended);
        expect(await pod.exec(commandsOfConformance.quiet)).toEqual({
          stdout: "",
          stderr: "",
          output: "",
          exitCode: 0,
        });
      });

      it("runs arguments as they are, and in the container named", async () => {
        const { stdout } = await cluster.exec(namespace, "talker", ["echo", "a  b", "$HOME"], { container: "side" });
        expect(stdout).toBe("a  b $HOME\n");
        expect(await cluster.exec(namespace, "talker", ["echo", "first"])).toMatchObject({
          stdout: "first\n",
          exitCode: 0,
        });
      });

      it("gives up at its timeout, with the output until then", async () => {
        const pod = await talker();
        const error = await pod
          .exec(commandsOfConformance.long, { timeoutSeconds: 2 })
          .catch((error: unknown) => error);
        expect(error).toEqual(refusal(0, "Timeout"));
        expect(String(error)).toContain("begun");
      });

      it("ends with the signal", async () => {
        const aborting = new AbortController();
        const ended = cluster.within({ signal: aborting.signal }).exec(namespace, "talker", ["sleep", "600"]);
        setTimeout(() => aborting.abort(new Error("enough")), 300);
        await expect(ended).rejects.toThrow("enough");
      });

      it("cuts the output of a command that writes too much, and says so", async () => {
        const pod = await talker();
        const { stdout, exitCode } = await pod.exec(commandsOfConformance.much);
        expect(exitCode).toBe(0);
        expect(stdout.startsWith("x".repeat(1024 * 1024))).toBe(true);
        expect(stdout.slice(1024 * 1024)).toBe("\n[cut: the output is longer than 1 MiB]\n");
      });

      it("says why nothing was run", async () => {
        await expect(cluster.exec(namespace, nowhere, ["true"])).rejects.toEqual(refusal(404, "NotFound"));
        const wrong = cluster.exec(namespace, "talker", ["true"], { container: nowhere });
        await expect(wrong).rejects.toEqual(refusal(400, "BadRequest"));
        const missing = cluster.exec(namespace, "talker", ["no-such-program"], { container: "main" });
        await expect(missing).rejects.toMatchObject({ name: "ClusterError", code: 500 });
      });
    });

    describe("members", () => {
      const event = (name: string, about: Pod, lastTimestamp: string) => {
        const { name: pod, uid } = about.metadata;
        const involvedObject = { apiVersion: "v1", kind: "Pod", name: pod, namespace, uid };
        const facts = {
          reason: name,
          message: `It was ${name}.`,
          type: "Normal",
          lastTimestamp,
          firstTimestamp: lastTimestamp,
        };
        return cluster.create("Event", { metadata: { name, namespace }, involvedObject, ...facts });
      };

      it("the events about it, oldest first", async () => {
        const pod = await talker();
        await event("second", pod, "2001-01-01T00:00:02Z");
        await event("first", pod, "2001-01-01T00:00:01Z");
        await event("other", { ...pod, metadata: { ...pod.metadata, uid: noUid } }, "2001-01-01T00:00:01Z");
        const events = await pod.events();
        const reasons = events.map(({ reason }) => reason);
        expect(reasons.slice(0, 2)).toEqual(["first", "second"]);
        expect(reasons).not.toContain("other");
      });

      it("its owners, up to the last that exists", async () => {
        const own = (kind: string, name: string, uid = "") => ({
          ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid, controller: true }],
        });
        // Of replicas there are none, so that no controller makes pods of them.
        const selector = { matchLabels: { app: "owned" } };
        const template = {
          metadata: { labels: { app: "owned" } },
          spec: { containers: [{ name: "main", image: "localhost/pause:1" }] },
        };
        const spec = { replicas: 0, selector, template };
        const deployment = await cluster.create("Deployment", { metadata: { name: "owner", namespace }, spec });
        const middle = { name: "middle", namespace, labels: selector.matchLabels };
        const replicaSet = await cluster.create("ReplicaSet", {
          metadata: { ...middle, ...own("Deployment", "owner", deployment.metadata.uid) },
          spec,
        });
        const leaf = await cluster.create("Secret", {
          metadata: { name: "leaf", namespace, ...own("ReplicaSet", "middle", replicaSet.metadata.uid) },
        });
        const owners = await leaf.owners();
        expect(owners.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
          "ReplicaSet middle",
          "Deployment owner",
        ]);
        const orphan = cluster.adopt("Secret", {
          ...leaf,
          metadata: { ...leaf.metadata, ...own("ReplicaSet", "middle", noUid) },
        });
        expect(await orphan.owners()).toEqual([]);
      });

      customOwners(() => fixture);

      it("its node", async () => {
        const pod = await talker();
        const node = await pod.node();
        expect(node?.metadata.name).toBe(pod.spec?.nodeName);
        expect(await cluster.adopt("Pod", { metadata: { name: "waiting" } }).node()).toBeUndefined();
      });
    });

    it("reports each call once", async () => {
      const calls: ClusterCall[] = [];
      const observed = cluster.within({ onCall: (call) => calls.push(call) });
      const pod = await observed.get("Pod", "talker", namespace);
      await observed.get("Deployment", nowhere, namespace);
      await observed.list("Node");
      await pod?.logs({ tailLines: 1 });
      await pod?.exec("true");
      await observed.get("HorizontalPodAutoscaler", nowhere, namespace);
      expect(calls.map(({ verb, resource, name, status }) => [verb, resource, name, status])).toEqual([
        ["get", "pods", "talker", 200],
        ["get", "deployments.apps", nowhere, 404],
        ["list", "nodes", undefined, 200],
        ["get", "pods/log", "talker", 200],
        ["get", "pods/exec", "talker", 101],
        ["get", "horizontalpodautoscalers.autoscaling", nowhere, 404],
      ]);
      expect(calls.every(({ milliseconds }) => Number.isInteger(milliseconds) && milliseconds >= 0)).toBe(true);
    });

    it("asks once who runs it", async () => {
      const calls: ClusterCall[] = [];
      const observed = cluster.within({ onCall: (call) => calls.push(call) });
      expect(await observed.provider()).toBe(await observed.provider());
      expect(calls.length).toBeLessThanOrEqual(1);
    });
  });
}
