/** Buttons of Slack messages, through a whole server: what is pressed runs, once, and its message says what came of it. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FakeMessage, textOf } from "../helpers/fake-slack.ts";
import type { FakeButton, PressOptions } from "../helpers/fake-slack-interactions.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";
import { firing, resolved, type WebhookAlert, webhook } from "../helpers/webhooks.ts";

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
  "offer.ts": `import { action, callback, ExecutionBaseEvent, PodEvent } from "cortado";

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
          { text: "Look", action: "look", target: target("Pod", "gone") },
          { text: "Nothing of the kind", action: "no_such_action" },
          { text: "Wrong params", action: "scale_hpa_callback", params: { max_replicas: "many" } },
        ]),
      ],
      { title: "What can be done" },
    ),
});

export const look = action({ name: "look", on: PodEvent, effects: "read", run: () => {} });

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
    const end = Date.now() + 1_000;
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
        {
          triggers: [{ on_horizontalpodautoscaler_update: {} }],
          actions: [{ alert_on_hpa_reached_limit: { increase_pct: 40 } }],
        },
      ],
    },
  });
});
afterAll(() => server.close());

let alerts = 0;
/** A message with buttons, about an alert of its own. */
async function message(): Promise<{ ts: string; alert: WebhookAlert; name: string; now: () => FakeMessage }> {
  alerts += 1;
  const name = `Alert${alerts}`;
  const alert = firing({ alertname: name });
  await server.deliver(webhook(alert));
  const told = server.slack.messages.find((one) => textOf(one).includes(`"${name}"`));
  const ts = told?.ts ?? expect.fail(`${name} was not told`);
  const now = () => server.slack.messages.find((one) => one.ts === ts) ?? expect.fail(`${name} is gone`);
  return { ts, alert, name, now };
}

const labelled = (ts: string, label: string): FakeButton =>
  server.slack.buttons(ts).find(({ text }) => text.text === label) ?? expect.fail(`there is no button ${label}`);

async function press(ts: string, button: FakeButton, options?: PressOptions): Promise<number> {
  return await send(server.slack.press(ts, button, options));
}

async function send({ headers, body }: { headers: Readonly<Record<string, string>>; body: string }): Promise<number> {
  const response = await fetch(`${server.url}/webhooks/slack`, { method: "POST", headers, body });
  await response.body?.cancel();
  return response.status;
}

/** A message is edited by a delivery of its own, after the run, when nobody else works on its alert. */
const shows = (now: () => FakeMessage, text: string | RegExp) =>
  vi.waitFor(() => expect(textOf(now())).toMatch(text), { timeout: 20_000, interval: 20 });

describe("a message with choices", () => {
  it("has a button for each that can be run by hand, beneath its title, and the command for the others", async () => {
    const { ts, now } = await message();
    expect(server.slack.buttons(ts).map(({ text }) => text.text)).toEqual([
      "Allow 9 replicas",
      "Delete the pod",
      "Fail",
      "Look",
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
    await shows(now, "*Allow 9 replicas*, pressed by <@U0ADA>: done");
    expect(server.slack.buttons(ts).map(({ text }) => text.text)).not.toContain("Allow 9 replicas");
    const thread = () => server.slack.replies(ts).map(textOf).join();
    await vi.waitFor(() => expect(thread()).toContain("*web* may go up to 9 replicas now; it was 5"));
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

  it("that fails says why", async () => {
    const { ts, now } = await message();
    await press(ts, labelled(ts, "Fail"));
    await shows(now, "*Fail*, pressed by <@U0ADA>: failed: it is broken &amp; &lt;sad&gt;");
  });

  it("on what is gone says so in the thread", async () => {
    const { ts, now } = await message();
    await press(ts, labelled(ts, "Look"));
    await shows(now, "*Look*, pressed by <@U0ADA>: done");
    const thread = () => server.slack.replies(ts).map(textOf).join();
    await vi.waitFor(() => expect(thread()).toContain("Pod shop/gone does not exist in the cluster."));
  });

  it("whose params do not fit says why", async () => {
    const { ts, now } = await message();
    await press(ts, labelled(ts, "Wrong params"));
    await shows(now, /\*Wrong params\*, pressed by <@U0ADA>: failed: .*max_replicas.*must be a number/);
  });

  it("counts once, whoever else presses at the same time", async () => {
    const { ts, now } = await message();
    const button = labelled(ts, "Allow 9 replicas");
    const users = ["U0ADA", "U0BOB", "U0ADA", "U0BOB"];
    const before = server.slack.whispers.length;
    const at = Date.now();
    // Each at a time of its own, as Slack signs each request anew.
    expect(await Promise.all(users.map((user, n) => press(ts, button, { user, at: at + n * 1_000 })))).toEqual(
      users.map(() => 200),
    );
    await server.idle();
    const runs = (await server.runs()).filter(
      ({ delivery, state }) => delivery.title.startsWith("scale_hpa_callback") && state !== "not matched",
    );
    const [, who = ""] = /\*Allow 9 replicas\*, pressed by <@(\w+)>: done/.exec(textOf(now())) ?? [];
    expect(users).toContain(who);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(pressed("Allow 9 replicas"));
    const told = server.slack.whispers.slice(before);
    expect(told).toHaveLength(3);
    for (const words of told) expect(words).toMatch(/^(?:You|<@U0\w+>) pressed this at .* already; it works once\.$/);
  });

  it("is answered while every worker is busy, and worked afterwards", async () => {
    const { ts, now } = await message();
    await server.post(webhook(firing({ alertname: "Block" })));
    await vi.waitFor(() => expect(traced("Block", "matched")).toBe(true), { timeout: 10_000 });
    expect(await press(ts, labelled(ts, "Fail"))).toBe(200);
    expect(traced("Block", "ended")).toBe(false);
    await shows(now, "*Fail*, pressed by <@U0ADA>: failed");
  });

  it("stays in the message when its alert resolves, as the buttons do that nobody pressed", async () => {
    const { ts, alert, name, now } = await message();
    await press(ts, labelled(ts, "Fail"));
    await server.idle();
    await server.deliver(webhook(resolved(alert)));
    await shows(now, `Resolved: ${name}`);
    expect(textOf(now())).toContain("*Fail*, pressed by <@U0ADA>: failed");
    await press(ts, labelled(ts, "Wrong params"));
    await shows(now, "*Wrong params*, pressed by");
    expect(textOf(now())).toContain(`Resolved: ${name}`);
  });

  it("is shown once Slack is there again", async () => {
    const { ts, now } = await message();
    server.slack.fail("chat.update", { rateLimited: 3 });
    await press(ts, labelled(ts, "Fail"));
    await shows(now, "*Fail*, pressed by <@U0ADA>: failed");
  });
});

it("an autoscaler at its limit is told, and may go further at the press of a button", async () => {
  const limited = { ...hpa, metadata: { ...hpa.metadata, name: "shop" } };
  const { apiVersion, metadata } = server.cluster.objects.put(limited);
  const at = (currentReplicas: number) => ({ ...limited, metadata, status: { currentReplicas, desiredReplicas: 5 } });
  const data = { kind: "HorizontalPodAutoscaler", apiVersion, operation: "update", obj: at(5), oldObj: at(4) };
  await server.deliver(
    { alerts: [], specversion: "1.0", type: "KUBERNETES_TOPOLOGY_CHANGE", data },
    { path: "/api/handle" },
  );
  const told = server.slack.messages.find(({ text }) => text.includes("reached max replicas"));
  const { ts = "" } = told ?? expect.fail("nothing was told of the autoscaler");
  expect(await press(ts, labelled(ts, "Update HPA max replicas to: 7"))).toBe(200);
  await vi.waitFor(() => expect(told && textOf(told)).toContain("to: 7*, pressed by <@U0ADA>: done"), {
    timeout: 20_000,
  });
  expect(server.cluster.objects.get("HorizontalPodAutoscaler", "shop", "shop")?.spec).toMatchObject({ maxReplicas: 7 });
});

describe("a press that is not one", () => {
  const nothingRuns = async (work: () => Promise<unknown>) => {
    await server.idle();
    const before = (await server.runs(1))[0]?.id;
    await work();
    await server.idle();
    expect((await server.runs(1))[0]?.id).toBe(before);
  };

  it("is refused by who may not press, and tells only them", async () => {
    const { ts, now } = await message();
    await nothingRuns(async () => {
      expect(await press(ts, labelled(ts, "Fail"), { user: "U0EVE" })).toBe(200);
    });
    expect(server.slack.whispers.at(-1)).toContain(
      "`button_users` of the sink slack names who may, and U0EVE is not there",
    );
    expect(server.slack.buttons(ts).map(({ text }) => text.text)).toContain("Fail");
    expect(textOf(now())).not.toContain("U0EVE");
    expect(server.logged()).toContain('"user":"U0EVE"');
  });

  it("is refused with a signature of another secret, without one, and with another body", async () => {
    const { ts } = await message();
    const button = labelled(ts, "Fail");
    const real = server.slack.press(ts, button);
    const { "x-slack-signature": _, ...unsigned } = real.headers;
    await nothingRuns(async () => {
      expect(await press(ts, button, { signingSecret: "guessed" })).toBe(401);
      expect(await send({ ...real, headers: unsigned })).toBe(401);
      expect(await send({ ...real, body: real.body.replace("cortado-3", "cortado-1") })).toBe(401);
    });
  });

  it("is refused when it is old, and when it comes again", async () => {
    const { ts } = await message();
    const button = labelled(ts, "Fail");
    await nothingRuns(async () => {
      expect(await press(ts, button, { at: Date.now() - 301_000 })).toBe(401);
      expect(await press(ts, button, { at: Date.now() + 310_000 })).toBe(401);
    });
    const once = server.slack.press(ts, button);
    expect([await send(once), await send(once)]).toEqual([200, 401]);
  });

  it("is ignored where it is of another button of the app", async () => {
    const { ts } = await message();
    await nothingRuns(async () => {
      expect(await press(ts, { ...labelled(ts, "Fail"), action_id: "somebody-elses" })).toBe(200);
    });
  });
});

const pressed = (label: string) =>
  server.slack.messages.filter((one) => textOf(one).includes(`*${label}*, pressed by`)).length;
const traced = (title: string, type: string) =>
  server.trace.some((event) => event.type === type && event.delivery.title.startsWith(title));
