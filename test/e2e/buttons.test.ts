/** Buttons of Slack messages, through a whole server: what is pressed runs, once, and its message says what came of it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeMessage, textOf } from "../helpers/fake-slack.ts";
import type { FakeButton, PressOptions } from "../helpers/fake-slack-interactions.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";
import { firing, webhook } from "../helpers/webhooks.ts";

const hpa = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", namespace: "shop" },
  spec: { minReplicas: 1, maxReplicas: 5, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
};
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", namespace: "shop" },
  spec: { containers: [{ name: "web", image: "web:1" }] },
};

const actions = {
  "offer.ts": `import { action, callback, ExecutionBaseEvent } from "cortado";

const target = (kind, name) => ({ kind, metadata: { name, namespace: "shop" } });
export const offer = action({
  name: "offer",
  on: ExecutionBaseEvent,
  effects: "read",
  run: (event) =>
    event.addEnrichment(
      [
        callback([
          { text: "Allow 9 replicas", action: "scale_hpa_callback", params: { max_replicas: 9 }, target: target("HorizontalPodAutoscaler", "web") },
          { text: "Delete the pod", action: "delete_pod", target: target("Pod", "web-1") },
          { text: "Fail", action: "fail" },
          { text: "Nothing of the kind", action: "no_such_action" },
          { text: "Wrong params", action: "scale_hpa_callback", params: { max_replicas: "many" } },
        ]),
      ],
      { title: "What can be done" },
    ),
});

export const fail = action({
  name: "fail",
  on: ExecutionBaseEvent,
  run: () => {
    throw new Error("it is broken & <sad>");
  },
});

export const block = action({
  name: "block",
  on: ExecutionBaseEvent,
  run: () => {
    const end = Date.now() + 2_500;
    while (Date.now() < end);
  },
});
`,
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    actions,
    objects: [hpa, pod],
    configuration: {
      sinksConfig: [
        {
          slack_sink: {
            name: "slack",
            slack_channel: "alerts",
            api_key: "{{ env.SLACK_TOKEN }}",
            signing_secret: "{{ env.SIGNING_SECRET }}",
            button_users: ["U0ADA", "U0BOB"],
          },
        },
      ],
      customPlaybooks: [
        { triggers: [{ on_prometheus_alert: { alert_name: "Block" } }], actions: [{ block: {} }] },
        { triggers: [{ on_prometheus_alert: {} }], actions: [{ offer: {} }] },
      ],
    },
  });
});
afterAll(() => server.close());

let alerts = 0;
/** A message with buttons, about an alert of its own. */
async function message(): Promise<{ ts: string; name: string; now: () => FakeMessage }> {
  alerts += 1;
  const name = `Alert${alerts}`;
  await server.deliver(webhook(firing({ alertname: name })));
  const now = () =>
    server.slack.messages.find((one) => textOf(one).includes(`"${name}"`)) ?? expect.fail(`${name} was not told`);
  return { ts: now().ts, name, now };
}

const labelled = (ts: string, label: string): FakeButton =>
  server.slack.buttons(ts).find(({ text }) => text.text === label) ?? expect.fail(`there is no button ${label}`);

/** Resolves with the status and the milliseconds that the answer took. */
async function press(ts: string, button: FakeButton, options?: PressOptions): Promise<number> {
  return await send(server.slack.press(ts, button, options));
}

async function send({ headers, body }: { headers: Readonly<Record<string, string>>; body: string }): Promise<number> {
  const response = await fetch(`${server.url}/webhooks/slack`, { method: "POST", headers, body });
  await response.body?.cancel();
  return response.status;
}

describe("a message with choices", () => {
  it("has a button for each that can be run by hand, beneath its title, and the command for the others", async () => {
    const { ts, now } = await message();
    expect(server.slack.buttons(ts).map(({ text }) => text.text)).toEqual([
      "Allow 9 replicas",
      "Delete the pod",
      "Fail",
      "Wrong params",
    ]);
    expect(textOf(now())).toMatch(/\*What can be done\*.*Allow 9 replicas.*no_such_action/s);
    expect(server.slack.refusals).toEqual([]);
  });

  it("asks before what destroys something, and tells what it is", async () => {
    const { ts } = await message();
    expect(labelled(ts, "Delete the pod").confirm?.text.text).toBe("This runs delete_pod on Pod shop/web-1.");
    expect(labelled(ts, "Allow 9 replicas").confirm).toBeUndefined();
  });
});

describe("a press", () => {
  it("runs the action, and its message says by whom and with which result", async () => {
    const { ts, now } = await message();
    expect(await press(ts, labelled(ts, "Allow 9 replicas"))).toBe(200);
    await server.idle();
    expect(textOf(now())).toContain("*Allow 9 replicas*, pressed by <@U0ADA>: done");
    expect(server.slack.buttons(ts).map(({ text }) => text.text)).not.toContain("Allow 9 replicas");
    expect(server.slack.replies(ts).map(textOf).join()).toContain("*web* may go up to 9 replicas now; it was 5");
    const [run] = await server.runs();
    expect(run).toMatchObject({
      state: "done",
      invocation: {
        action: "scale_hpa_callback",
        caller: "ada (U0ADA) in Slack",
        target: { kind: "HorizontalPodAutoscaler", name: "web", namespace: "shop" },
      },
    });
    expect(server.slack.whispers).toEqual([]);
  });
});
