import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { markdown } from "../../src/findings/blocks.ts";
import { graph } from "../../src/findings/graph.ts";
import type { Sink, SinkContext } from "../../src/sinks/sink.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { crashLoop, findingOf } from "../helpers/findings.ts";
import { expectNoSecret } from "../helpers/leaks-no-secret.ts";

const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
let answer: (response: ServerResponse) => void;
const server = createServer(async (request, response) => {
  requests.push({ headers: request.headers, body: (await buffer(request)).toString() });
  answer(response);
});

beforeEach(async () => {
  requests.length = 0;
  answer = (response) => response.writeHead(204).end();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const secrets = ["Bearer s3cret", "hooks/very-secret-path"];
const urlOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${secrets[1]}`;
const sinkWith = (params: object = {}): Sink => {
  const given = { name: "hook", url: urlOf(), authorization: secrets[0], ...params };
  return (
    sinkTypes.get("webhook_sink")?.create(given, { stdout: process.stdout }).sink ?? expect.fail("no webhook_sink")
  );
};
const context = (changes: Partial<SinkContext> = {}): SinkContext => ({
  messageId: "0123456789abcdef",
  signal: new AbortController().signal,
  possiblyRepeated: false,
  ...changes,
});
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("it should have failed"),
    (error: unknown) => error,
  );

describe("what a webhook gets", () => {
  it("is text, with its name as idempotency key", async () => {
    await sinkWith().post(crashLoop(), context());
    const [request] = requests;
    expect(request?.headers).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "idempotency-key": "0123456789abcdef",
      authorization: "Bearer s3cret",
    });
    expect(request?.body).toMatch(/^Firing {2}HIGH {2}Pod shop\/checkout-7d9f is crash looping\n/);
    expect(request?.body).toContain("See the runbook (https://runbooks.example.com/crash?a=1&b=2).");
  });

  it("is the finding as JSON", async () => {
    await sinkWith({ format: "json", size_limit: 100_000 }).post(crashLoop(), context({ possiblyRepeated: true }));
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
      version: 1,
      messageId: "0123456789abcdef",
      possiblyRepeated: true,
      ...crashLoop(),
    });
  });

  it("has graphs with fewer points where the whole has no room, before any enrichment is left out", async () => {
    const points = Array.from({ length: 300 }, (_, index) => [index * 60_000, index % 60] as const);
    const cpu = graph("CPU usage", [{ name: "api", points }]);
    const finding = findingOf({ enrichments: [{ blocks: [cpu] }, { blocks: [markdown("after it")] }] });
    const sent = async (size_limit: number) => {
      await sinkWith({ format: "json", size_limit }).post(finding, context());
      return JSON.parse(requests.at(-1)?.body ?? "").enrichments;
    };
    expect(await sent(10_000)).toEqual(finding.enrichments);
    const [coarse, ...others] = await sent(4_096);
    expect(others).toEqual([{ blocks: [markdown("after it")] }]);
    expect(coarse.blocks[0]).toMatchObject({ type: "graph", title: "CPU usage" });
    expect(coarse.blocks[0].series[0].points).toEqual(expect.arrayContaining([points[0], points[59], points[299]]));
  });

  it("is what Slack's webhooks take", async () => {
    await sinkWith({ slack_webhook: true }).post(findingOf({ title: "a < b & <!channel>" }), context());
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(requests[0]?.body ?? "").text).toContain("a &lt; b &amp; &lt;!channel&gt;");
  });

  it.each([
    ["text", 1_000],
    ["json", 1_500],
  ])("as %s leaves out the last enrichments first, and says so", async (format, limit) => {
    const enrichments = ["first", "second", "third"].map((text) => ({
      blocks: [markdown(`${text} ${"x".repeat(300)}`)],
    }));
    await sinkWith({ format, size_limit: limit }).post(findingOf({ enrichments }), context());
    const { body = "" } = requests[0] ?? {};
    expect(["first", "second", "third"].map((text) => body.includes(text))).toEqual([true, true, false]);
    expect(body).toMatch(/One more enrichment was left out|"enrichmentsLeftOut":1/);
  });
});

describe("what a webhook answers", () => {
  it.each([
    [200, undefined],
    [204, undefined],
    [301, { retryable: false, message: expect.stringMatching(/redirects are not followed/) }],
    [400, { retryable: false }],
    [401, { retryable: false, message: expect.stringMatching(/check `authorization`/) }],
    [404, { retryable: false, message: expect.stringMatching(/check `url`/) }],
    [408, { retryable: true }],
    [413, { retryable: false, message: expect.stringMatching(/lower `size_limit`/) }],
    [429, { retryable: true, outcomeUnknown: false, retryAfterSeconds: 7 }],
    [500, { retryable: true, outcomeUnknown: true }],
    [503, { retryable: true, outcomeUnknown: false, retryAfterSeconds: 7 }],
  ])("%i", async (status, failure) => {
    answer = (response) =>
      response.writeHead(status, { "retry-after": "7", location: "/elsewhere" }).end("a page with Bearer s3cret");
    const posted = sinkWith().post(findingOf(), context());
    if (failure === undefined) {
      expect(await posted).toEqual({});
      return;
    }
    const error = await failureOf(posted);
    expect(error).toMatchObject({ name: "SinkError", ...failure });
    expectNoSecret(error, secrets);
  });

  it("nothing, as it closes the connection", async () => {
    answer = (response) => response.socket?.destroy();
    const error = await failureOf(sinkWith().post(findingOf(), context()));
    expect(error).toMatchObject({ retryable: true, outcomeUnknown: true });
    expectNoSecret(error, secrets);
  });

  it("nothing, before the delivery has to end", async () => {
    answer = () => undefined;
    const error = await failureOf(sinkWith().post(findingOf(), context({ signal: AbortSignal.timeout(50) })));
    expect(error).toMatchObject({ retryable: true, outcomeUnknown: true });
  });

  it("nothing, as nobody listens", async () => {
    const error = await failureOf(
      sinkWith({ url: "http://127.0.0.1:1/hooks/very-secret-path" }).post(findingOf(), context()),
    );
    expect(error).toMatchObject({ retryable: true, outcomeUnknown: expect.any(Boolean) });
    expectNoSecret(error, secrets);
  });
});
