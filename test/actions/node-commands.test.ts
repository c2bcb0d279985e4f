/** What actions run on nodes: in which pod, and what they say of it. The node itself is a real one in test/real/running.test.ts. */
import { afterEach, describe, expect, it } from "vitest";
import { nodeBashEnricher } from "../../src/actions/node-bash-enricher.ts";
import { nodeDmesgEnricher } from "../../src/actions/node-dmesg-enricher.ts";
import { podDmesgEnricher } from "../../src/actions/pod-dmesg-enricher.ts";
import { podPs } from "../../src/actions/pod-ps.ts";
import { type EmbeddedCluster, type ExecScript, startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { file, markdown } from "../../src/index.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { alertEvent, nodeEvent, podEvent, runAction } from "../../src/testing.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A cluster with a node and a pod on it; every command that runs there answers so. */
async function start(answer: ExecScript) {
  const embedded: EmbeddedCluster = await startEmbeddedCluster({
    objects: [
      { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } },
      { apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, spec: { containers: [{ name: "main" }] } },
    ],
  });
  embedded.scripts.exec(answer);
  const cluster = createCluster({
    name: "embedded",
    kubeConfig: loadKubeConfig({ from: "text", text: embedded.kubeconfig }),
  });
  open.push(async () => {
    cluster.close();
    await embedded.close();
  });
  const alert = (labels: Record<string, string>) => ({
    ...alertEvent({ labels: { namespace: "default", ...labels } }),
    cluster: { ...cluster, calls: [], commands: [], put: () => undefined },
  });
  return { embedded, alert };
}

describe("node_bash_enricher", () => {
  const bash = async (answer: ExecScript, params = {}) => {
    const { embedded, alert } = await start({ command: "uptime", ...answer });
    const { blocks, calls } = await runAction(nodeBashEnricher, alert({ node: "node-1" }), {
      bash_command: "uptime",
      ...params,
    });
    return { embedded, blocks, calls };
  };
  const heading = markdown("Command results for *uptime* on node node-1:");

  it.each<[string, ExecScript, unknown[]]>([
    ["what it printed", { stdout: "up 3 days\n" }, [markdown("```\nup 3 days\n```")]],
    ["that it printed nothing", {}, [markdown("_It printed nothing._")]],
    [
      "how it failed",
      { stderr: "no\n", exitCode: 2 },
      [markdown("```\nno\n```"), markdown("It ended with exit code 2.")],
    ],
    ["much as a file", { stdout: "x".repeat(2_501) }, [file("node-1-output.txt", "x".repeat(2_501))]],
  ])("shows %s", async (_, answer, blocks) => {
    expect((await bash(answer)).blocks).toEqual([heading, ...blocks]);
  });

  it("leaves neither job nor pod", async () => {
    const { embedded } = await bash({ stdout: "up\n" });
    expect(embedded.objects.list("Job")).toEqual([]);
    expect(embedded.objects.list("Pod").map(({ metadata }) => metadata.name)).toEqual(["web"]);
  });

  it("runs in a privileged pod as it is told, which it takes back when it is told to stop", async () => {
    const { embedded, alert } = await start({ command: "uptime", hang: true });
    const stopping = new AbortController();
    const params = { bash_command: "uptime", debug_image: "tools:1", custom_annotations: { team: "shop" } };
    const options = { signal: stopping.signal };
    const stopped = expect(runAction(nodeBashEnricher, alert({ node: "node-1" }), params, options)).rejects.toThrow(
      "enough",
    );
    const jobs = () => embedded.objects.list("Job", "default");
    await expect.poll(jobs, { interval: 5 }).toHaveLength(1);
    const annotations = { team: "shop" };
    expect(jobs()).toMatchObject([
      {
        metadata: { name: expect.stringMatching(/^node-bash-/), annotations },
        spec: {
          template: {
            metadata: { annotations },
            spec: {
              nodeName: "node-1",
              hostPID: true,
              containers: [{ image: "tools:1", securityContext: { privileged: true } }],
            },
          },
        },
      },
    ]);
    stopping.abort(new Error("enough"));
    await stopped;
    expect(jobs()).toEqual([]);
  });

  it("is not done twice", () => {
    expect(nodeBashEnricher).toMatchObject({ effects: "change", retry: "never" });
  });
});

type Alert = ReturnType<Awaited<ReturnType<typeof start>>["alert"]>;

describe.each([
  ["node_dmesg_enricher", (event: Alert) => runAction(nodeDmesgEnricher, event)],
  ["pod_dmesg_enricher", (event: Alert) => runAction(podDmesgEnricher, event)],
])("%s", (_, run) => {
  const dmesg = async (answer: ExecScript) => {
    const { alert } = await start({ command: "dmesg", ...answer });
    return run(alert({ node: "node-1", pod: "web" }));
  };

  it("attaches what the kernel has logged", async () => {
    const { enrichments } = await dmesg({ stdout: "[0.0] Linux\n" });
    expect(enrichments).toMatchObject([
      { title: "Kernel log of node node-1", blocks: [file("dmesg.log", "[0.0] Linux\n")] },
    ]);
  });

  it("says that it has logged nothing", async () => {
    expect((await dmesg({})).blocks).toEqual([markdown("_The kernel of node node-1 has logged nothing._")]);
  });

  it("fails where it may not be read", async () => {
    const failing = dmesg({ stderr: "dmesg: klogctl: Operation not permitted\n", exitCode: 1 });
    await expect(failing).rejects.toThrow("dmesg on node node-1 ended with exit code 1: dmesg: klogctl");
  });
});

describe("pod_ps of a container without a shell", () => {
  const noShell = { name: "main", image: "localhost/pause:1" };
  const pod = (annotations = {}) => ({
    metadata: { name: "quiet", uid: "1234-5678", annotations },
    spec: { containers: [noShell] },
  });

  it.each<[object, string]>([
    [{}, "pod(1234-5678|1234_5678)"],
    [{ "kubernetes.io/config.hash": "abcd" }, "pod(abcd|abcd)"],
  ])(
    "lists, of a pod with the annotations %o, the processes in its groups on the node",
    async (annotations, groups) => {
      const { embedded, alert } = await start({
        command: new RegExp(groups.replaceAll(/[()|]/g, "\\$&")),
        stdout: "4711\t/pause\n",
      });
      embedded.objects.put({ apiVersion: "v1", kind: "Pod", ...pod(annotations) });
      const { blocks } = await runAction(podPs, alert({ pod: "quiet" }));
      expect(blocks).toEqual([file("quiet-processes.txt", "4711\t/pause\n")]);
      expect(embedded.objects.list("Job")).toEqual([]);
    },
  );

  it("fails as the node does", async () => {
    const { embedded, alert } = await start({ command: /cgroup/, hang: true });
    embedded.objects.put({ apiVersion: "v1", kind: "Pod", ...pod() });
    embedded.faults.add({ match: /POST .*jobs/, status: 403, message: "not here" });
    await expect(runAction(podPs, alert({ pod: "quiet" }))).rejects.toThrow("not here");
  });
});

it("node actions have nothing to do where there is no node", async () => {
  const nowhere = nodeEvent({ object: null });
  expect(await runAction(nodeBashEnricher, nowhere, { bash_command: "uptime" })).toMatchObject({ findings: [] });
  expect(await runAction(nodeDmesgEnricher, nowhere)).toMatchObject({ findings: [] });
});

it.each([null, { metadata: { name: "web" }, spec: {} }])("pod_dmesg_enricher has nothing to do of %o", async (pod) => {
  expect(await runAction(podDmesgEnricher, podEvent({ pod }))).toMatchObject({ findings: [] });
});
