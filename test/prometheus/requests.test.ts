import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { describeError } from "../../src/errors.ts";
import { openPrometheus, type PrometheusOptions } from "../../src/prometheus/open.ts";
import type { PrometheusParams } from "../../src/prometheus/params.ts";
import { maxAnswerBytes } from "../../src/prometheus/transport.ts";
import { concurrency, patience, pauseSeconds } from "../../src/prometheus/turns.ts";
import { fakeCluster } from "../../src/testing.ts";
import { type Answer, type Asked, startAnsweringServer } from "../helpers/answering-server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(answer: (asked: Asked, count: number) => Answer | Promise<Answer>) {
  const server = await startAnsweringServer(answer);
  closing.push(server.close);
  return server;
}

const never = new AbortController().signal;

interface Asking {
  readonly url: string;
  readonly params?: PrometheusParams;
  readonly signal?: AbortSignal;
  readonly find?: ReturnType<typeof openPrometheus>;
  readonly options?: PrometheusOptions;
}

const prometheusAt = ({ url, params = {}, signal = never, options = {}, find = openPrometheus(options) }: Asking) =>
  find({ cluster: fakeCluster({ name: "prod" }), params: { prometheus_url: url, ...params }, signal });

const empty = { json: { status: "success", data: { resultType: "vector", result: [] } } };
const failure = (errorType: string, error: string) => ({ status: "error", errorType, error });

describe("a query", () => {
  it("is a form, with the time after which nobody waits any more", async () => {
    const server = await serve(() => empty);
    const prometheus = await prometheusAt({ url: server.url });
    await prometheus.query("up", { at: 1_700_000_000_250 });
    expect(server.asked).toMatchObject([
      {
        method: "POST",
        url: "/api/v1/query",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "query=up&time=1700000000.25&timeout=30s",
      },
    ]);
  });

  it("over a time has a step", async () => {
    const server = await serve(() => empty);
    const prometheus = await prometheusAt({ url: server.url });
    await prometheus.queryRange("up", { start: 0, end: 3_600_000 });
    expect(server.asked).toMatchObject([
      { url: "/api/v1/query_range", body: "query=up&start=0&end=3600&step=15&timeout=30s" },
    ]);
  });

  it.each<[string, string, PrometheusParams, string]>([
    ["stays below a path", "/api/prom/", {}, "/api/prom/api/v1/query"],
    ["keeps the address's own query", "?tenant=a", {}, "/api/v1/query?tenant=a"],
    [
      "has what prometheus_url_query_string adds",
      "/x",
      { prometheus_url_query_string: "tenant=a b&dedup=true" },
      "/x/api/v1/query?tenant=a%20b&dedup=true",
    ],
  ])("%s", async (_, path, params, expected) => {
    const server = await serve(() => empty);
    await (await prometheusAt({ url: `${server.url}${path}`, params })).query("up");
    expect(server.asked[0]?.url).toBe(expected);
  });

  it("carries the headers of the params", async () => {
    const server = await serve(() => empty);
    const params = {
      prometheus_auth: "Bearer abc",
      prometheus_additional_headers: { "X-Scope-OrgID": "shop", Authorization: "" },
    };
    await (await prometheusAt({ url: server.url, params })).query("up");
    expect(server.asked[0]?.headers).toMatchObject({ authorization: "Bearer abc", "x-scope-orgid": "shop" });
  });

  it.each([
    ["has the additional labels", {}, 'up{job="a",cluster="prod"}'],
    ["has none where they are not to be added", { add_additional_labels: false }, 'up{job="a"}'],
  ])("%s", async (_, more, expected) => {
    const server = await serve(() => empty);
    const params = { prometheus_additional_labels: { cluster: "prod" }, ...more };
    await (await prometheusAt({ url: server.url, params })).query('up{job="a"}');
    expect(new URLSearchParams(server.asked[0]?.body).get("query")).toBe(expected);
  });

  it("tells of warnings, and of the data all the same", async () => {
    const told: string[] = [];
    const server = await serve(() => ({ json: { ...empty.json, warnings: ["a store is away"] } }));
    const prometheus = await prometheusAt({ url: server.url, options: { warn: (text) => told.push(text) } });
    expect(await prometheus.query("up")).toEqual([]);
    expect(told).toEqual([
      `The query \`up\` to the Prometheus at ${new URL(server.url).host} was answered with a warning: a store is away`,
    ]);
  });

  it("leaves out what no number can show, and understands what VictoriaMetrics adds", async () => {
    const result = [
      { metric: { pod: "a" }, histogram: [1_700_000_000, { count: "1", sum: "1" }] },
      { metric: { pod: "b" }, value: [1_700_000_000, "2"] },
    ];
    const json = {
      status: "success",
      isPartial: false,
      data: { resultType: "vector", result },
      stats: { seriesFetched: "2" },
    };
    const server = await serve(() => ({ json }));
    const prometheus = await prometheusAt({ url: server.url });
    expect(await prometheus.query("up")).toEqual([{ labels: { pod: "b" }, at: 1_700_000_000_000, value: 2 }]);
  });
});

describe("a refusal", () => {
  const what = (host: string) => `The query \`up\` to the Prometheus at ${host} was answered`;
  it.each<[string, Answer, string]>([
    [
      "Prometheus's own",
      { status: 422, json: failure("execution", "too many samples") },
      "422 execution: too many samples.",
    ],
    ["401", { status: 401, text: "Unauthorized" }, "401: Unauthorized. Check `prometheus_auth`."],
    ["404", { status: 404, text: "" }, "404: Check `prometheus_url`: the API is below it, at `/api/v1/query`."],
    ["500 without a word", { status: 500, text: "" }, "500: no reason was given."],
    [
      "a redirect, which is not followed",
      { status: 302, headers: { location: "http://127.0.0.1:1/login" }, text: "" },
      "302: Redirects are not followed; give the final address in `prometheus_url`.",
    ],
    [
      "a page for people",
      { text: "<html>\n<h1>Log in!" },
      "200: <html> <h1>Log in! That is no answer of a Prometheus; check `prometheus_url`.",
    ],
  ])("%s", async (_, answer, expected) => {
    const server = await serve(() => answer);
    const prometheus = await prometheusAt({ url: server.url });
    await expect(prometheus.query("up")).rejects.toThrow(`${what(new URL(server.url).host)} ${expected}`);
    expect(server.asked).toHaveLength(1);
  });

  it("shows the beginning of a long query, and no credentials", async () => {
    const server = await serve(({ headers }) => ({ status: 400, text: `${headers.authorization} ${headers.token}` }));
    const params = { prometheus_auth: "Basic c2VjcmV0", prometheus_additional_headers: { token: "also-secret" } };
    const prometheus = await prometheusAt({ url: `${server.url}/path-that-is-secret`, params });
    const error = await prometheus.query("u".repeat(5_000)).catch(describeError);
    expect(error).toBe(
      `The query \`${"u".repeat(200)}…\` to the Prometheus at ${new URL(server.url).host} was answered 400: [redacted] [redacted].`,
    );
  });

  it("of a connection says only why", async () => {
    const server = await serve(() => "cut");
    const prometheus = await prometheusAt({ url: server.url });
    await expect(prometheus.query("up")).rejects.toMatchObject({
      name: "PrometheusError",
      code: 0,
      retryable: true,
      message: `The query \`up\` to the Prometheus at ${new URL(server.url).host} was not answered: UND_ERR_SOCKET.`,
    });
  });

  it("of an answer that never ends to come", async () => {
    const server = await serve(() => ({ text: "x".repeat(maxAnswerBytes + 1) }));
    const prometheus = await prometheusAt({ url: server.url });
    await expect(prometheus.query("up")).rejects.toThrow("has more than 16 MiB for an answer; ask for fewer series");
  });
});

describe("a server that is busy", () => {
  const atOnce = { "retry-after": "0" };
  it.each([429, 503])("is asked again once after %i", async (status) => {
    const server = await serve((_, count) => (count === 1 ? { status, headers: atOnce, text: "" } : empty));
    expect(await (await prometheusAt({ url: server.url })).query("up")).toEqual([]);
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    ["that stays so, no more than once", { status: 503, headers: atOnce, text: "busy" }, 2],
    ["for longer than there is time, not at all", { status: 429, headers: { "retry-after": "20" }, text: "" }, 1],
    ["with this very query, not at all", { status: 503, headers: atOnce, json: failure("timeout", "too slow") }, 1],
    ["and says so otherwise, not at all", { status: 502, headers: atOnce, text: "" }, 1],
  ])("%s", async (_, answer, times) => {
    const server = await serve(() => answer);
    const prometheus = await prometheusAt({ url: server.url });
    await expect(prometheus.query("up")).rejects.toMatchObject({ code: answer.status, retryable: true });
    expect(server.asked).toHaveLength(times);
  });
});

describe("a server that does not answer", () => {
  it("is given up after a while", async () => {
    const server = await serve(() => "silence");
    const prometheus = await prometheusAt({ url: server.url, options: { timeoutSeconds: 0.02 } });
    await expect(prometheus.query("up")).rejects.toMatchObject({
      reason: "Timeout",
      message: `The query \`up\` to the Prometheus at ${new URL(server.url).host} was not answered within 0.02 s.`,
    });
  });

  it("is given up at once when the action is over", async () => {
    const controller = new AbortController();
    const reason = new Error("the action is over");
    const server = await serve(() => {
      controller.abort(reason);
      return "silence";
    });
    const prometheus = await prometheusAt({ url: server.url, signal: controller.signal });
    await expect(prometheus.query("up")).rejects.toBe(reason);
  });

  it("holds up nobody who asks another", async () => {
    const slow = await serve(() => "silence");
    const fast = await serve(() => empty);
    const find = openPrometheus();
    const controller = new AbortController();
    const stuck = await prometheusAt({ find, url: slow.url, signal: controller.signal });
    const waiting = Array.from({ length: concurrency * 3 }, () => stuck.query("up").catch(() => "given up"));
    expect(await (await prometheusAt({ find, url: fast.url })).query("up")).toEqual([]);
    controller.abort();
    await Promise.all(waiting);
  });

  it("has no more than a few queries at one time; who waits for a turn can go at any time", async () => {
    const held: (() => void)[] = [];
    const server = await serve(async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.push(resolve);
      await promise;
      return empty;
    });
    const find = openPrometheus();
    const first = await prometheusAt({ find, url: server.url });
    const asked = Array.from({ length: concurrency }, () => first.query("first"));
    const controller = new AbortController();
    const impatient = await prometheusAt({ find, url: server.url, signal: controller.signal });
    const given = impatient.query("impatient");
    const last = first.query("last");
    while (held.length < concurrency) await sleep(1);
    controller.abort(new Error("the action is over"));
    await expect(given).rejects.toThrow("the action is over");
    expect(held).toHaveLength(concurrency);
    while (server.asked.length < concurrency + 1) {
      for (const answer of held.splice(0)) answer();
      await sleep(1);
    }
    for (const answer of held) answer();
    await Promise.all([...asked, last]);
    expect(server.asked.filter(({ body }) => body.includes("impatient"))).toEqual([]);
  });

  it("says so to those that had no turn in time", async () => {
    const server = await serve(() => "silence");
    const find = openPrometheus({ timeoutSeconds: 0.02 });
    const prometheus = await prometheusAt({ find, url: server.url });
    const errors = await Promise.all(
      Array.from({ length: concurrency + 1 }, () => prometheus.query("up").catch(describeError)),
    );
    expect(errors.at(-1)).toContain(
      "within 0.02 s, most of which it waited for its turn, as others are answered slowly.",
    );
  });

  it("is left alone for a while once it has stopped answering, so that nobody waits for it again and again", async () => {
    let time = 0;
    let answer: Answer = "silence";
    const server = await serve(() => answer);
    const prometheus = await prometheusAt({ url: server.url, options: { timeoutSeconds: 0.02, now: () => time } });
    for (let query = 1; query <= patience; query += 1) {
      await expect(prometheus.query("up")).rejects.toMatchObject({ reason: "Timeout" });
    }
    await expect(prometheus.query("up")).rejects.toMatchObject({
      reason: "Silent",
      retryable: true,
      message: expect.stringContaining("was not sent: the last 4 were not answered in time"),
    });
    expect(server.asked).toHaveLength(patience);
    time += pauseSeconds * 1_000;
    answer = { status: 400, text: "" };
    await expect(prometheus.query("up")).rejects.toMatchObject({ code: 400 });
    answer = "silence";
    for (let query = 1; query < patience; query += 1) {
      await expect(prometheus.query("up")).rejects.toMatchObject({ reason: "Timeout" });
    }
    answer = empty;
    expect(await prometheus.query("up")).toEqual([]);
  });
});
