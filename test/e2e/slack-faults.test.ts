/** A Slack that is busy, broken or gone: every finding is told exactly once in the end, or is a dead letter with the reason. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Fault, textOf } from "../helpers/fake-slack.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";
import { takeOverAtOnce } from "../helpers/timings.ts";
import { firing, resolved, webhook } from "../helpers/webhooks.ts";

interface Case {
  readonly what: string;
  readonly fault: Fault;
  /** What the first attempt comes to. */
  readonly first: "posted" | "failed";
  readonly reason?: RegExp;
  /** How many messages there are in the end, dead letters beside them. */
  readonly messages: 0 | 1;
}

/** The next request is met by the fault; the first ones fail at once, so that their second attempts are over soon after the last. */
const cases: readonly Case[] = [
  {
    what: "is busy for a moment",
    fault: { rateLimited: 1 },
    first: "posted",
    messages: 1,
  },
  {
    what: "is busy for longer",
    fault: { rateLimited: 3 },
    first: "failed",
    reason: /^Slack chat\.postMessage: rate limited$/,
    messages: 1,
  },
  {
    what: "does not know the channel",
    fault: { error: "channel_not_found" },
    first: "failed",
    reason: /channel_not_found; check the channel's name/,
    messages: 0,
  },
  {
    what: "refuses the token",
    fault: { error: "invalid_auth" },
    first: "failed",
    reason: /invalid_auth; check `api_key`/,
    messages: 0,
  },
  {
    what: "is not available",
    fault: { error: "service_unavailable" },
    first: "failed",
    reason: /service_unavailable/,
    messages: 1,
  },
  { what: "broke in the middle of it", fault: { error: "internal_error" }, first: "failed", messages: 1 },
  { what: "answers 503", fault: { status: 503 }, first: "failed", reason: /HTTP 503/, messages: 1 },
  { what: "is a proxy's page", fault: { page: "<html>" }, first: "failed", messages: 1 },
  { what: "hangs up", fault: { drops: true }, first: "failed", messages: 1 },
  { what: "hangs up after it has posted", fault: { drops: true, applied: true }, first: "failed", messages: 1 },
  { what: "says nothing", fault: { hangs: true }, first: "failed", reason: /timed out/, messages: 1 },
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    configuration: {
      customPlaybooks: [{ triggers: [{ on_prometheus_alert: {} }], actions: [{ default_enricher: {} }] }],
    },
    settings: takeOverAtOnce,
  });
});
afterAll(() => server.close());

const titled = (title: string) => server.slack.messages.filter((one) => textOf(one).includes(`"text":"${title}"`));
const results = (title: string) =>
  server.trace.flatMap((event) =>
    event.type === "notified" && event.delivery.title.startsWith(title) ? [event.result] : [],
  );

it("tells each finding once in the end, or keeps it as a dead letter", { timeout: 60_000 }, async () => {
  for (const { what, fault, first, reason = /./ } of cases) {
    server.slack.fail("chat.postMessage", fault);
    const title = `Slack ${what}`;
    expect(await server.post(webhook(firing({ alertname: title })))).toMatchObject({ status: 200 });
    await vi.waitFor(() => expect(results(title)).not.toEqual([]), { timeout: 20_000, interval: 20 });
    expect([title, results(title)[0]]).toMatchObject([title, { outcome: first }]);
    if (first === "failed") expect(results(title)[0]?.reason).toMatch(reason);
  }
  await vi.waitFor(
    () =>
      expect(cases.map(({ what }) => [what, titled(`Slack ${what}`).length])).toEqual(
        cases.map(({ what, messages }) => [what, messages]),
      ),
    { timeout: 30_000, interval: 100 },
  );
  await server.idle();
  const letters = await server.deadLetters();
  expect(letters.map(({ reasons }) => reasons.join())).toEqual([
    expect.stringContaining("invalid_auth"),
    expect.stringContaining("channel_not_found"),
  ]);
  expect(server.logged()).not.toContain(server.slack.token);
});

it("says of an alert that resolved while Slack was away that it has resolved", { timeout: 30_000 }, async () => {
  server.slack.fail("chat.postMessage", { rateLimited: 4 });
  const alert = firing({ alertname: "Over before it was told" });
  await server.post(webhook(alert));
  await vi.waitFor(() => expect(results("Over before")).not.toEqual([]), { timeout: 10_000, interval: 20 });
  await server.post(webhook(resolved(alert)));
  const shown = () => server.slack.messages.filter((one) => textOf(one).includes("Over before it was told"));
  await vi.waitFor(() => expect(shown()).toHaveLength(1), { timeout: 20_000, interval: 50 });
  await server.idle();
  expect(shown().map((one) => textOf(one))).toEqual([expect.stringContaining("Resolved: Over before it was told")]);
});
