/** One suite for both ways to run it: a server with its queue, and everything within the request. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { openInline } from "../../src/inline.ts";
import { prepareTable } from "../../src/services/table.ts";
import type { TraceEvent } from "../../src/trace.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { noBuiltinPlaybooks, recorded, startTestServer } from "../helpers/test-server.ts";
import { firing, webhook } from "../helpers/webhooks.ts";

const configuration = {
  ...noBuiltinPlaybooks,
  clusterName: "shop",
  sinksConfig: [{ slack_sink: { name: "slack", slack_channel: "alerts", api_key: "{{ env.SLACK_TOKEN }}" } }],
  customPlaybooks: [
    { triggers: [{ on_prometheus_alert: { alert_name: "KubePodCrashLooping" } }], actions: [{ logs_enricher: {} }] },
    { triggers: [{ on_prometheus_alert: { alert_name: "Told" } }], actions: [{ default_enricher: {} }] },
  ],
};

interface Mode {
  readonly slack: FakeSlack;
  readonly trace: readonly TraceEvent[];
  post(body: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Resolves when what was taken over has been worked. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

async function serverMode(): Promise<Mode> {
  const server = await startTestServer({ configuration });
  return {
    ...server,
    post: (body) => server.post(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

async function inlineMode(): Promise<Mode> {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-inline-"));
  const slack = await startFakeSlack();
  const cluster = await startEmbeddedCluster();
  const file = path.join(folder, "cortado.yaml");
  await writeFile(file, JSON.stringify(configuration));
  const table = await prepareTable({
    configuration: file,
    dataDirectory: path.join(folder, "data"),
    kubeConfig: { from: "text", text: cluster.kubeconfig },
    table: { kind: "embedded" },
    slackApiUrl: slack.url,
    logLevel: "silent",
    env: { SLACK_TOKEN: slack.token },
  });
  const trace: TraceEvent[] = [];
  const inline = await openInline(table.settings, (event) => trace.push(event));
  return {
    slack,
    trace,
    async post(body) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const response = await inline.app.request("/webhooks/alertmanager", { method: "POST", body: text });
      return { status: response.status, body: await response.json() };
    },
    idle: async () => undefined,
    async close() {
      inline.close();
      await Promise.all([table.close(), slack.close(), cluster.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe.each([
  { name: "a server", start: serverMode, whileSlackIsBusy: 200 },
  { name: "inline", start: inlineMode, whileSlackIsBusy: 503 },
])("$name", ({ start, whileSlackIsBusy }) => {
  let mode: Mode;
  beforeAll(async () => {
    mode = await start();
  });
  afterAll(() => mode.close());
  const messages = (text: string) => mode.slack.messages.filter((message) => textOf(message).includes(text));

  it("works an alert, recognises it, and edits its message when it resolves", async () => {
    for (const name of ["0.28/wh-default-0001", "0.28/wh-default-0001", "0.28/wh-default-0002"]) {
      expect(await mode.post(await recorded(name))).toMatchObject({ status: 200, body: { success: true } });
      await mode.idle();
    }
    expect(messages("crash looping").map((message) => [message.edits, /panic: /.test(textOf(message))])).toEqual([
      [1, true],
    ]);
    const known = ["queued", "recognised", "ended"];
    expect(
      mode.trace
        .map(({ type }) => type)
        .filter((type) => known.includes(type))
        .sort(),
    ).toEqual(["ended", "ended", "queued", "queued", "recognised"]);
  });

  it("works every alert of a body, and says of what concerns nobody that it was taken", async () => {
    const alerts = Array.from({ length: 20 }, (_, index) => firing({ alertname: "Told", number: `n-${index}-` }));
    expect(await mode.post(webhook(...alerts, firing({ alertname: "Other" })))).toMatchObject({ status: 200 });
    await mode.idle();
    expect(alerts.map(({ labels }) => messages(labels.number ?? "-").length)).toEqual(alerts.map(() => 1));
  });

  it("answers 400 to what cannot be read", async () => {
    expect(await mode.post("alerts")).toMatchObject({ status: 400 });
  });

  it("posts once where Slack is busy, whoever has to come again", async () => {
    mode.slack.fail("chat.postMessage", { rateLimited: 3 });
    const body = webhook(firing({ alertname: "Told", number: "busy" }));
    expect(await mode.post(body)).toMatchObject({ status: whileSlackIsBusy });
    await vi.waitFor(
      async () => {
        expect(await mode.post(body)).toMatchObject({ status: 200 });
        expect(messages("busy")).toHaveLength(1);
      },
      { timeout: 15_000, interval: 100 },
    );
  });
});
