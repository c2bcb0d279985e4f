import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inWords } from "../../src/trace.ts";
import { textOf } from "../helpers/fake-slack.ts";
import type { FakeMessage } from "../helpers/fake-slack-methods.ts";
import { expectNoSecret } from "../helpers/leaks-no-secret.ts";
import { recorded, startTestServer, type TestServer } from "../helpers/test-server.ts";
import { firing, resolved, webhook } from "../helpers/webhooks.ts";

const alert = (alert_name: string, more: object = {}) => [{ on_prometheus_alert: { alert_name, ...more } }];
const say = (text: string) => [{ say: { text } }];

const configuration = {
  clusterName: "shop-cluster",
  globalConfig: { custom_severity_map: { page: "HIGH" } },
  alertRelabel: [{ source: "exported_pod", target: "pod", operation: "replace" }],
  sinksConfig: [
    { slack_sink: { name: "slack", slack_channel: "alerts", api_key: "{{ env.SLACK_TOKEN }}" } },
    { slack_sink: { name: "ops", slack_channel: "ops", api_key: "{{ env.SLACK_TOKEN }}", default: false } },
  ],
  customPlaybooks: [
    { triggers: alert("KubePodCrashLooping"), actions: [{ logs_enricher: {} }, { pod_events_enricher: {} }] },
    { triggers: alert("HighErrorRate"), actions: [{ default_enricher: {} }] },
    { triggers: alert("Relabelled"), actions: [{ logs_enricher: {} }] },
    { triggers: alert("Paged"), actions: say("paged") },
    { name: "first", triggers: alert("Stopped"), actions: say("said by the first"), stop: true },
    { name: "second", triggers: alert("Stopped"), actions: say("said by the second") },
    { triggers: alert("ForOps"), actions: say("for ops alone"), sinks: ["ops"] },
    { triggers: alert("Followed"), actions: say("it began") },
    { triggers: alert("Followed", { status: "resolved" }), actions: say("it is over") },
    { triggers: alert("OnlyItsEnd", { status: "resolved" }), actions: say("the end of it") },
    { triggers: alert("Both", { status: "all" }), actions: say("either way") },
    {
      triggers: [{ on_pod_update: { change_filters: { include: ["status.phase"] } } }],
      actions: [{ tell_change: {} }],
    },
    { triggers: [{ on_secret_update: {} }, { on_secret_create: {} }], actions: [{ tell_everything: {} }] },
  ],
};

const actions = {
  "say.ts": `import { action, ExecutionBaseEvent, markdown, PodChangeEvent, SecretChangeEvent } from "cortado";
import * as z from "zod";

export const say = action({
  name: "say",
  on: ExecutionBaseEvent,
  effects: "read",
  params: z.strictObject({ text: z.string() }),
  run: (event, { text }) => event.addEnrichment([markdown(text)]),
});

export const tellChange = action({
  name: "tell_change",
  on: PodChangeEvent,
  effects: "read",
  async run(event) {
    const pod = await event.getPod();
    const changes = event.changes.map(({ path, before, after }) => \`\${path}: \${before} to \${after}\`);
    event.addEnrichment([markdown(\`\${pod?.metadata.name} changed: \${changes.join(", ")}\`)]);
  },
});

export const tellEverything = action({
  name: "tell_everything",
  on: SecretChangeEvent,
  effects: "read",
  async run({ operation, obj, oldObj, changes, addEnrichment, getSecret }, _params, { log }) {
    const all = JSON.stringify({ operation, obj, oldObj, changes, secret: await getSecret() });
    log.info(all);
    addEnrichment([markdown("told: " + all)]);
  },
});
`,
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ configuration, actions, slack: { channels: { alerts: {}, ops: {} } } });
});
afterAll(() => server.close());

const messages = (text: string) => server.slack.messages.filter((message) => textOf(message).includes(text));
const shown = (message: FakeMessage | undefined) => (message === undefined ? "" : textOf(message));
const eventsOf = (key: string) => server.trace.filter(({ delivery }) => delivery.key === `alert#${key}`);

describe("an alert of a recorded webhook", () => {
  const fingerprint = "61fedfd61bacd0fc";

  it("becomes one message with the pod's log and events", async () => {
    const answer = await server.deliver(await recorded("0.28/wh-default-0001"));
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    const [message, ...others] = messages("Pod is crash looping.");
    expect(others).toEqual([]);
    expect(shown(message)).toContain("panic: open order store");
    expect(shown(message)).toContain("cluster shop-cluster");
    expect(shown(message)).toContain("Back-off restarting failed container");
    expect(server.slack.files(message?.ts).map(({ name }) => name)).toEqual(["api-6d4cf56db6-abcde.log"]);
  });

  it("is recognised when it comes again, and nothing is posted", async () => {
    await server.deliver(await recorded("0.28/wh-default-0001"));
    expect(messages("Pod is crash looping.")).toHaveLength(1);
    expect(eventsOf(fingerprint).map(({ type }) => type)).toContain("recognised");
  });

  it("is recognised when another version of Alertmanager sends the same alert", async () => {
    const body = await recorded("0.25/wh-default-0001");
    const [other] = (await recorded("0.28/wh-default-0001")).alerts;
    await server.deliver({ ...body, alerts: body.alerts.map((one) => ({ ...Object(one), ...Object(other) })) });
    expect(messages("Pod is crash looping.")).toHaveLength(1);
  });

  it("edits the message when it resolves", async () => {
    await server.deliver(await recorded("0.28/wh-default-0002"));
    const [message, ...others] = messages("Pod is crash looping.");
    expect(others).toEqual([]);
    expect(message?.edits).toBe(1);
    expect(shown(message)).toContain("Resolved: Pod is crash looping.");
    expect(shown(message)).toContain("fired for 4s");
    expect(shown(message)).toContain("panic: open order store");
  });

  it("is recorded: one run for each phase, with its calls and what the sink did", async () => {
    const runs = (await server.runs()).filter(({ delivery }) => delivery.key === `alert#${fingerprint}`);
    expect(runs.map(({ state, attempt }) => ({ state, attempt }))).toEqual([
      { state: "not matched", attempt: 1 },
      { state: "done", attempt: 1 },
    ]);
    const [end, begin] = runs;
    expect(begin?.steps.map(({ action, state }) => [action, state])).toEqual([
      ["logs_enricher", "done"],
      ["pod_events_enricher", "done"],
    ]);
    expect(begin?.steps.flatMap(({ calls }) => calls.map(({ resource, status }) => [resource, status]))).toEqual([
      ["pods/log", 200],
      ["events", 200],
    ]);
    expect(begin?.sinks).toEqual([{ sink: "slack", part: "default", outcome: "posted" }]);
    expect(end?.sinks).toEqual([{ sink: "slack", part: "default", outcome: "edited" }]);
  });
});

it("works what changed in a group, and recognises the rest", async () => {
  await server.deliver(await recorded("0.28/wh-default-0003"));
  expect(messages("svc-")).toHaveLength(3);
  await server.deliver(await recorded("0.28/wh-default-0004"));
  const edits = messages("svc-").map((message) => [/svc-\w/.exec(shown(message))?.[0], message.edits]);
  expect(edits.sort()).toEqual([
    ["svc-a", 1],
    ["svc-b", 0],
    ["svc-c", 0],
  ]);
});

it("posts one message for an HA pair whose peers send at once, with starts that differ", async () => {
  const one = firing({ alertname: "Paged", severity: "page", of: "pair" });
  const other = { ...one, startsAt: new Date(Date.parse(one.startsAt ?? "") + 15_000).toISOString() };
  await Promise.all([one, other, one, other].map((copy) => server.post(webhook(copy))));
  await server.idle();
  expect(messages("Paged")).toHaveLength(1);
});

it("runs a playbook on a change that kubewatch posts", async () => {
  const pod = (phase: string, resourceVersion: string) => ({
    metadata: { name: "worker-1", namespace: "shop", uid: "5f4c6b0e-0001", resourceVersion },
    status: { phase },
  });
  const event = (phase: string, resourceVersion: string) => ({
    specversion: "1.0",
    type: "KUBERNETES_TOPOLOGY_CHANGE",
    data: {
      operation: "update",
      kind: "Pod",
      apiVersion: "v1",
      obj: pod(phase, resourceVersion),
      oldObj: pod("Pending", "1"),
    },
  });
  const handle = { path: "/api/handle" };
  const answers = [
    await server.post(JSON.stringify(event("Pending", "2")), handle),
    await server.post(JSON.stringify(event("Running", "3")), handle),
    await server.post(JSON.stringify(event("Running", "3")), handle),
  ];
  await server.idle();
  expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
    answers.map(() => ({ status: 200, body: { success: true } })),
  );
  expect(messages("worker-1 changed").map((message) => shown(message))).toEqual([
    expect.stringContaining("worker-1 changed: status.phase: Pending to Running"),
  ]);
});

it("tells that a Secret changed, and its values nowhere", async () => {
  const [before, after] = ["hunter2-of-production", "correct-horse-battery"];
  const encoded = (text: string) => Buffer.from(text).toString("base64");
  const secret = (password: string, resourceVersion: string) => ({
    metadata: {
      name: "database",
      namespace: "shop",
      uid: "5f4c6b0e-0002",
      resourceVersion,
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ data: encoded(password) }) },
    },
    data: { password: encoded(password) },
    stringData: { password },
  });
  const handle = { path: "/api/handle" };
  const shared = { kind: "Secret", apiVersion: "v1" };
  const change = { ...shared, operation: "update", obj: secret(after, "8"), oldObj: secret(before, "7") };
  await server.post(JSON.stringify({ data: { ...shared, operation: "create", obj: secret(before, "7") } }), handle);
  await server.post(JSON.stringify({ data: change }), handle);
  await server.idle();
  const told = messages("told:").map((message) => shown(message));
  expect(told).toEqual([expect.stringContaining("password"), expect.stringContaining("data.password")]);
  const runs = await server.runs();
  expect(runs.length).toBeGreaterThan(0);
  for (const seen of [told, server.slack.messages, server.trace, runs, server.logged()]) {
    expectNoSecret(seen, [before, after]);
  }
});

it("finds the pod by a label that was made by relabelling", async () => {
  const labels = { alertname: "Relabelled", namespace: "shop", exported_pod: "api-6d4cf56db6-abcde", pod: "exporter" };
  await server.deliver(webhook(firing(labels)));
  expect(shown(messages("Relabelled")[0])).toContain("pod shop/api-6d4cf56db6-abcde");
});

it("takes the severity from the configured map", async () => {
  await server.deliver(webhook(firing({ alertname: "Paged", severity: "PAGE" })));
  expect(shown(messages("Paged").at(-1))).toContain("HIGH");
});

it("keeps later playbooks from an alert that a playbook with `stop` ran for", async () => {
  await server.deliver(webhook(firing({ alertname: "Stopped" })));
  expect(messages("said by the first")).toHaveLength(1);
  expect(messages("said by the second")).toEqual([]);
});

it("tells only the sinks that the playbook names", async () => {
  await server.deliver(webhook(firing({ alertname: "ForOps" })));
  expect(messages("for ops alone").map(({ channel }) => channel)).toEqual([server.slack.id("ops")]);
});

describe("a playbook for an alert's end", () => {
  it("adds to the thread of the message that the beginning posted", async () => {
    const begin = firing({ alertname: "Followed" });
    await server.deliver(webhook(begin));
    await server.deliver(webhook(resolved(begin)));
    const [message, ...others] = messages("it began");
    expect(others).toEqual([]);
    expect(shown(message)).toContain("Resolved: Followed");
    expect(server.slack.replies(message?.ts ?? "").map(textOf)).toEqual([expect.stringContaining("it is over")]);
  });

  it("posts a message where nothing was said of the beginning", async () => {
    const begin = firing({ alertname: "OnlyItsEnd" });
    await server.deliver(webhook(begin));
    expect(messages("OnlyItsEnd")).toEqual([]);
    await server.deliver(webhook(resolved(begin)));
    expect(messages("the end of it").map((message) => shown(message))).toEqual([
      expect.stringContaining("Resolved: OnlyItsEnd"),
    ]);
  });

  it("runs for both phases with `status: all`", async () => {
    const begin = firing({ alertname: "Both" });
    await server.deliver(webhook(begin));
    await server.deliver(webhook(resolved(begin)));
    const [message, ...others] = messages("Both");
    expect(others).toEqual([]);
    expect(message?.edits).toBe(1);
    expect(server.slack.replies(message?.ts ?? "")).toHaveLength(1);
  });
});

it("queues nothing for an alert that no playbook is for, and says why", async () => {
  await server.deliver(webhook(firing({ alertname: "Unheard" })));
  const unmatched = server.trace.flatMap((event) =>
    event.type === "unmatched" && event.delivery.title.startsWith("Unheard") ? [inWords(event.refusals)] : [],
  );
  expect(unmatched).toHaveLength(1);
  expect(unmatched[0]).toContainEqual({ playbook: "first", reason: 'the alert\'s name is "Unheard", not "Stopped"' });
  expect(await server.metrics()).toContain('cortado_unmatched_total{playbook="first",condition="alert_name"} 1');
});

it("answers health, readiness and metrics on the second port alone", async () => {
  const status = async (url: string) => (await fetch(url)).status;
  expect(await status(`${server.adminUrl}/healthz`)).toBe(200);
  expect(await status(`${server.adminUrl}/readyz`)).toBe(200);
  expect(await server.metrics()).toMatch(/cortado_deliveries_total\{kind="alert",outcome="recognised"\} \d+/);
  expect(await status(`${server.url}/metrics`)).toBe(404);
});

it("was refused nothing by Slack, and failed nowhere", () => {
  expect(server.slack.refusals).toEqual([]);
  expect(server.logged()).not.toMatch(/"level":"(?:warn|error)"/);
});
