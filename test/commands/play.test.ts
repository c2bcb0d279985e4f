/** `cortado play` as a process: recorded webhooks through the playbooks, offline. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { startAnsweringServer } from "../helpers/answering-server.ts";
import { runCli } from "../helpers/cli-process.ts";
import { firing, resolved, webhook } from "../helpers/webhooks.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const recorded = fileURLToPath(new URL("../fixtures/alertmanager/0.28/wh-default-0001.json", import.meta.url));

const reach = `import { action, ExecutionBaseEvent, markdown, PodEvent } from "cortado";
import * as z from "zod";

export const reach = action({
  name: "reach",
  on: ExecutionBaseEvent,
  params: z.strictObject({ url: z.string(), token: z.string().optional() }),
  async run(_event, { url }) {
    await fetch(url, { method: "POST" });
  },
});

export const greet = action({
  name: "greet",
  on: PodEvent,
  run: async (event) => event.addEnrichment([markdown("hello " + (await event.getPod())?.spec?.nodeName)]),
});
`;

const onAlert = (alert_name: string) => ({ on_prometheus_alert: { alert_name } });
const alert = firing({ alertname: "Reached", severity: "critical" });

/** A configuration with a sink and an action, the addresses of which are in the environment. */
function folderWith(files: Readonly<Record<string, unknown>>): string {
  const configuration = {
    playbookRepos: { own: { url: "file://{{ env.FOLDER }}/actions" } },
    builtinPlaybooks: [],
    priorityBuiltinPlaybooks: [],
    sinksConfig: [{ webhook_sink: { name: "pager", url: "{{ env.PAGER }}" } }],
    customPlaybooks: [
      {
        name: "Reach",
        triggers: [onAlert("Reached")],
        actions: [{ reach: { url: "{{ env.TARGET }}" } }, { default_enricher: {} }],
      },
      { name: "Greet", triggers: [{ on_pod_update: {} }], actions: [{ greet: {} }] },
    ],
  };
  const texts = Object.entries(files).map(([name, content]) => [name, JSON.stringify(content)]);
  return writeFolder({
    "actions/own.ts": reach,
    "cortado.yaml": JSON.stringify(configuration),
    ...Object.fromEntries(texts),
  });
}

function play(folder: string, env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return runCli(["play", ...args], { cwd: folder, env: { ...process.env, FOLDER: folder, ...env } });
}

describe("cortado play", { timeout: 60_000 }, () => {
  it("prints every decision, the cluster's calls and the findings, and ends with 0", async () => {
    const { exit, out } = play(writeFolder({}), {}, recorded);
    expect(await exit).toBe(0);
    expect(out()).toMatch(/--> KubePodCrashLooping firing {2}\[/);
    expect(out()).toContain("match     KubePodCrashLooping");
    expect(out()).toContain("no match  PodEvicted: on_pod_evicted is not about alerts");
    expect(out()).toMatch(/cluster {3}get {4}pods\/log shop api-6d4cf56db6-abcde {2}200/);
    expect(out()).toContain("action    logs_enricher  done");
    expect(out()).toContain("| Firing  LOW  Pod is crash looping.");
    expect(out()).toContain("sink      console: skipped (it would have been posted; --send does it)");
  });

  it("ends with 3 where no playbook ran, and says of each why", async () => {
    const folder = folderWith({ "other.json": webhook(firing({ alertname: "Other" })) });
    const { exit, out } = play(folder, {}, "other.json", "--json");
    expect(await exit).toBe(3);
    expect(JSON.parse(out())).toMatchObject([
      {
        delivery: { title: "Other firing" },
        playbooks: [
          { name: "Reach", ran: false, reason: 'the alert\'s name is "Other", not "Reached"' },
          { name: "Greet", ran: false, reason: "on_pod_update is not about alerts" },
        ],
        findings: [],
      },
    ]);
  });

  it("plays several in turn on one cluster, and leaves this machine with none of it", async () => {
    const folder = folderWith({ "1.json": webhook(alert), "2.json": webhook(resolved(alert)) });
    const { exit, out } = play(folder, { TARGET: "http://192.0.2.1/" }, "1.json", "2.json", "--json");
    expect(await exit).toBe(0);
    const [first, second] = JSON.parse(out());
    expect(first).toMatchObject({
      playbooks: [
        { name: "Reach", ran: true },
        { name: "Greet", ran: false },
      ],
      steps: [
        { action: "reach", state: "failed", reason: expect.stringContaining("nothing is sent to 192.0.2.1") },
        { action: "default_enricher", state: "done" },
      ],
      sinks: [{ sink: "pager", outcome: "skipped" }],
    });
    expect(second.delivery.title).toBe("Reached resolved");
  });

  it("with --send tells the sinks and reaches the network", async () => {
    const server = await startAnsweringServer(() => ({}));
    const folder = folderWith({ "1.json": webhook(alert) });
    const env = { TARGET: `${server.url}/target`, PAGER: `${server.url}/pager` };
    const { exit, out } = play(folder, env, "1.json", "--send");
    expect(await exit, out()).toBe(0);
    expect(server.asked.map(({ url }) => url)).toEqual(["/target", "/pager"]);
    expect(out()).toContain("sink      pager: posted");
    await server.close();
  });

  it("plays a change, on the objects given", async () => {
    const metadata = { name: "api-1", namespace: "shop", uid: "1" };
    const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName: "n1", containers: [] } };
    const oldObj = { ...pod, metadata: { ...metadata, labels: { a: "b" } } };
    const data = { operation: "update", kind: "Pod", apiVersion: "v1", obj: pod, oldObj };
    const folder = folderWith({ "change.json": { data }, "objects/pod.json": pod });
    const { exit, out } = play(folder, {}, "change.json", "--cluster", "objects");
    expect(await exit, out()).toBe(0);
    expect(out()).toContain("--> Pod shop/api-1 updated");
    expect(out()).toContain("hello n1");
  });

  it.each([
    ["what is no JSON", "cortado.yaml.txt", "{", "this cannot be read as JSON"],
    ["what is no webhook", "b.json", "{}", "this is no recorded webhook"],
    ["alerts that cannot be read", "c.json", '{"alerts": [{}]}', "nothing of it can be read: alerts[0]:"],
  ])("ends with 1 for %s", async (_, name, text, said) => {
    const folder = writeFolder({ [name]: text });
    const { exit, out } = play(folder, {}, name);
    expect(await exit).toBe(1);
    expect(out()).toContain(said);
  });

  it("ends with 1 and every problem where the configuration does not load", async () => {
    const folder = writeFolder({
      "cortado.yaml": `customPlaybooks:
- {triggers: [], actions: [{default_enricher: {}}]}
- {triggers: [{on_prometheus_alert: {}}], actions: [{logs_enrichr: {}}]}
`,
    });
    const { exit, out } = play(folder, {}, recorded);
    expect(await exit).toBe(1);
    expect(out()).toContain("logs_enricher");
    expect(out()).toContain("at least one trigger");
  });
});
