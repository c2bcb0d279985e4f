import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeBashEnricher } from "../../src/actions/node-bash-enricher.ts";
import { nodeDmesgEnricher } from "../../src/actions/node-dmesg-enricher.ts";
import { podPs } from "../../src/actions/pod-ps.ts";
import { type NodeAccess, runOnNode, waitForDeploymentReady, waitForPodReady } from "../../src/index.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { alertEvent, runAction } from "../../src/testing.ts";
import { running } from "../conformance/running.ts";
import { kubeconfigPath } from "./tools.ts";

const connect = () =>
  createCluster({ name: "real", kubeConfig: loadKubeConfig({ from: "file", path: kubeconfigPath() }) });
const { signal } = new AbortController();

async function makeNamespace(namespace: string) {
  const cluster = connect();
  await cluster.create("Namespace", { metadata: { name: namespace } });
  // Pods can be made once the service account has its token.
  while ((await cluster.list("Secret", { namespace })).length === 0) await sleep(250);
  const close = async () => {
    await cluster.delete("Namespace", namespace);
    cluster.close();
  };
  return { cluster, namespace, seconds: { starts: 10, fails: 2 }, close };
}

running("a real API server and kubelet", () => makeNamespace(`running-${process.pid}`));

describe("on a real node", () => {
  let made: Awaited<ReturnType<typeof makeNamespace>>;
  let node: string;
  beforeAll(async () => {
    made = await makeNamespace(`node-${process.pid}`);
    node = (await made.cluster.list("Node"))[0]?.metadata.name ?? "";
  });
  afterAll(() => made.close());

  const onNode = async (access: NodeAccess, command: string | readonly string[]) => {
    const { cluster, namespace } = made;
    const ended = await runOnNode(
      cluster,
      { node, namespace, image: "localhost/busybox:1", access, command },
      { signal },
    );
    return ended.output.trim();
  };

  /** https://man7.org/linux/man-pages/man7/capabilities.7.html, as bits. */
  it.each<[NodeAccess, string]>([
    ["none", "0000000000000000"],
    ["processes", "0000000000000000"],
    ["ptrace", "0000000000080000"],
    ["files", "0000000000000000"],
    ["kernel-log", "0000000400000000"],
  ])("the access `%s` has no more powers than its own, and no token", async (access, powers) => {
    const token = "/var/run/secrets/kubernetes.io";
    const script = `grep -E '^(CapEff|NoNewPrivs)' /proc/self/status; test -e ${token} || echo no token`;
    expect(await onNode(access, script)).toBe(`CapEff:\t${powers}\nNoNewPrivs:\t1\nno token`);
  });

  const kubelets = "cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^kubelet$'";
  it.each<[NodeAccess, string]>([
    ["none", "0"],
    ["processes", "1"],
    ["ptrace", "1"],
    ["files", "0"],
    ["shell", "1"],
  ])("the access `%s` sees %s kubelets", async (access, count) => {
    expect(await onNode(access, kubelets)).toBe(count);
  });

  const environment =
    "for p in /proc/[0-9]*; do grep -qs '^kubelet$' $p/comm && cat $p/environ >/dev/null 2>&1 && echo read; done; true";
  it.each<[NodeAccess, string]>([
    ["processes", ""],
    ["ptrace", "read"],
    ["shell", "read"],
  ])("the access `%s` reads what is in the kubelet: %j", async (access, read) => {
    expect(await onNode(access, environment)).toBe(read);
  });

  it("the access `files` reads the node's files, and writes none", async () => {
    expect(await onNode("files", "test -d /host/proc && test -d /host/etc && echo there")).toBe("there");
    expect(await onNode("files", "touch /host/tmp/mine 2>&1; true")).toContain("Read-only file system");
    expect(await onNode("none", "test ! -e /host && echo none")).toBe("none");
  });

  it("the access `kernel-log` reads the kernel's log", async () => {
    expect(await onNode("kernel-log", "dmesg >/dev/null && echo read")).toBe("read");
  });

  it("the access `shell` is in the node's own namespaces", async () => {
    const namespaces = "for n in mnt net pid; do readlink /proc/self/ns/$n; done";
    const ofTheNode = await onNode("shell", namespaces.replace("self", "1"));
    expect(ofTheNode).toMatch(/^mnt:.*\nnet:.*\npid:.*$/);
    expect(await onNode("shell", namespaces)).toBe(ofTheNode);
    expect(await onNode("none", namespaces)).not.toBe(ofTheNode);
  });

  const event = (labels: Record<string, string> = { node }) => {
    const alert = alertEvent({ labels });
    return { ...alert, cluster: { ...made.cluster, calls: [], commands: [], put: () => undefined } };
  };
  const params = () => ({ debug_image: "localhost/busybox:1", debug_namespace: made.namespace });

  it("node_bash_enricher shows what a command printed, and how it failed", async () => {
    const bash_command = "echo out; sleep 1; echo err >&2; exit 4";
    const { blocks } = await runAction(nodeBashEnricher, event(), { ...params(), bash_command });
    expect(blocks).toMatchObject([
      { text: `Command results for *${bash_command}* on node ${node}:` },
      { text: "```\nout\nerr\n```" },
      { text: "It ended with exit code 4." },
    ]);
    expect(await made.cluster.list("Job", { namespace: made.namespace })).toEqual([]);
  });

  it("node_dmesg_enricher attaches the kernel's log", async () => {
    const { blocks } = await runAction(nodeDmesgEnricher, event(), params());
    expect(blocks).toMatchObject([{ type: "file", filename: "dmesg.log" }]);
  });

  it("a program that the image does not have is named", async () => {
    await expect(onNode("none", ["no-such-program"])).rejects.toThrow(/no-such-program.*not found/);
  });

  it("pod_ps lists the processes of a pod without a shell, and those of no other", async () => {
    const { cluster, namespace } = made;
    const mount = (mountPath: string) => ({ image: "localhost/busybox:1", volumeMounts: [{ name: "bin", mountPath }] });
    const spec = {
      terminationGracePeriodSeconds: 0,
      volumes: [{ name: "bin", emptyDir: {} }],
      initContainers: [{ ...mount("/tools"), name: "copy", command: ["cp", "/bin/busybox", "/tools/busybox"] }],
      // There is one program in it, under a name that is no shell's.
      containers: [{ ...mount("/bin"), name: "main", command: ["/bin/busybox", "sleep", "4711"] }],
    };
    const pod = await cluster.create("Pod", { metadata: { name: "quiet", namespace }, spec });
    await waitForPodReady(cluster, pod, { signal });
    const { blocks } = await runAction(podPs, event({ namespace, pod: "quiet" }), params());
    expect(blocks).toMatchObject([{ type: "file", filename: "quiet-processes.txt" }]);
    const [processes] = blocks;
    const commands =
      processes?.type === "file"
        ? processes.contents
            .trim()
            .split("\n")
            .map((line) => line.split("\t")[1]?.trim())
        : [];
    // The other one holds the pod's place.
    expect(commands.sort()).toEqual(["/bin/busybox sleep 2147483647", "/bin/busybox sleep 4711"]);
  });

  it("a command runs on a node that is cordoned and tainted", async () => {
    const taints = [{ key: "maintenance", effect: "NoExecute" }];
    const patch = (spec: object) => made.cluster.patch("Node", node, undefined, { type: "merge", patch: { spec } });
    await patch({ unschedulable: true, taints });
    try {
      expect(await onNode("none", "echo here")).toBe("here");
    } finally {
      await patch({ unschedulable: null, taints: null });
    }
  });

  it("waitForDeploymentReady sees a rollout to its end, and one that cannot end", async () => {
    const { cluster, namespace } = made;
    const labels = { app: "web" };
    const template = (image: string) => ({
      metadata: { labels },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "web", image }] },
    });
    const deployment = await cluster.create("Deployment", {
      metadata: { name: "web", namespace },
      spec: {
        replicas: 2,
        progressDeadlineSeconds: 5,
        selector: { matchLabels: labels },
        template: template("localhost/pause:1"),
      },
    });
    const ready = await waitForDeploymentReady(cluster, deployment, { signal });
    expect(ready.status).toMatchObject({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 });
    const patch = { spec: { template: template("localhost/no-such-image:1") } };
    await cluster.patch("Deployment", "web", namespace, { type: "merge", patch });
    await expect(waitForDeploymentReady(cluster, deployment, { signal })).rejects.toThrow(/has timed out progressing/);
  });
});
