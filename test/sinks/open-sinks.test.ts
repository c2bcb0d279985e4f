import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { openWorker } from "../../src/services/services.ts";
import { openSinks, type SinkEntry } from "../../src/sinks/open-sinks.ts";
import type { ConfiguredSink } from "../../src/sinks/route.ts";
import { type FakeSlack, startFakeSlack } from "../helpers/fake-slack.ts";
import { findingOf } from "../helpers/findings.ts";
import { expectNoSecret } from "../helpers/leaks-no-secret.ts";
import { writeFolder } from "../helpers/write-folder.ts";

let cluster: EmbeddedCluster;
let slack: FakeSlack;
beforeEach(async () => {
  cluster = await startEmbeddedCluster({ objects: [] });
  slack = await startFakeSlack({ channels: { alerts: {}, ops: {} } });
});
afterEach(() => Promise.all([cluster.close(), slack.close()]));

const putSecret = (token: string) =>
  cluster.objects.put({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "slack", namespace: "cortado" },
    data: { token: Buffer.from(token).toString("base64") },
  });
const timesRead = () => cluster.requests.filter(({ path: asked }) => asked.includes("/secrets/slack")).length;

/** The sinks of a configuration, as a worker opens them on the cluster. */
async function sinksOf(sinksConfig: string) {
  const folder = writeFolder({ "cortado.yaml": `sinksConfig:\n${sinksConfig}\n` });
  const worker = await openWorker(
    {
      configuration: path.join(folder, "cortado.yaml"),
      dataDirectory: folder,
      kubeConfig: { from: "text", text: cluster.kubeconfig },
      table: { kind: "socket", socketPath: path.join(folder, "none.sock") },
      slackApiUrl: slack.url,
      logLevel: "silent",
      env: {},
    },
    () => undefined,
  );
  onTestFinished(() => worker.close());
  return worker.sinks;
}

const context = { messageId: "id", signal: new AbortController().signal, possiblyRepeated: false };
const post = async ([first]: readonly ConfiguredSink[]) =>
  first === undefined ? expect.fail("there is no sink") : await first.sink.post(findingOf(), context);
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("it should have failed"),
    (error: unknown) => error,
  );

const slackSink = (more = "") =>
  `- slack_sink: {name: main, slack_channel: alerts, api_key: "{{ secret.cortado/slack/token }}"${more}}`;

describe("a sink whose params name a secret of the cluster", () => {
  it("is made with it, once", async () => {
    putSecret(slack.token);
    const sinks = await sinksOf(slackSink());
    await post(await sinks());
    await post(await sinks());
    expect(slack.messages).toHaveLength(2);
    expect(timesRead()).toBe(1);
  });

  it("refuses while the secret is missing, so that it is tried again, and takes up as soon as it is there", async () => {
    const sinks = await sinksOf(slackSink());
    expect(await failureOf(post(await sinks()))).toMatchObject({
      name: "SinkError",
      retryable: true,
      outcomeUnknown: false,
      message: "the sink main is not ready: The key token of the Secret cortado/slack does not exist.",
    });
    putSecret(slack.token);
    await post(await sinks());
    expect(slack.messages).toHaveLength(1);
  });

  it("refuses while the secret may not be read", async () => {
    putSecret(slack.token);
    const sinks = await sinksOf(slackSink());
    cluster.faults.add({ match: /secrets\/slack/, status: 403, message: "secrets is forbidden" });
    expect(await failureOf(post(await sinks()))).toMatchObject({
      retryable: true,
      message: expect.stringMatching(/^the sink main is not ready: .*forbid/i),
    });
    cluster.faults.clear();
    await post(await sinks());
    expect(slack.messages).toHaveLength(1);
  });

  it("refuses a secret that does not fit, and does not show it", async () => {
    const wrong = "xoxb with spaces of somebody";
    putSecret(wrong);
    const failure = await failureOf(post(await (await sinksOf(slackSink()))()));
    expect(failure).toMatchObject({ retryable: true, message: expect.stringContaining("This is no token") });
    expectNoSecret(failure, [wrong]);
  });

  it.each([
    ["nothing said", "", { default: true, stop: false, digest: false }],
    ["false and true", ", default: false, stop: true", { default: false, stop: true }],
    ["booleans as strings", `, default: "false", stop: "yes"`, { default: false, stop: true }],
    ["a digest", ", digest: true", { digest: true }],
    ["a match", ", match: {severity: [HIGH]}", { match: { severity: ["HIGH"] } }],
    ["a scope", ", scope: {include: [{namespace: shop}]}", { scope: { include: [{ namespace: "shop" }] } }],
  ])("is told the same while it is not ready as when it is: %s", async (_, more, expected) => {
    const sinks = await sinksOf(slackSink(more));
    const routing = (all: readonly ConfiguredSink[]) =>
      all.map(({ params: { name, default: isDefault, match, scope, stop, digest } }) => ({
        name,
        default: isDefault,
        match,
        scope,
        stop,
        digest,
      }));
    const before = routing(await sinks());
    putSecret(slack.token);
    expect(routing(await sinks())).toEqual(before);
    expect(before).toMatchObject([{ name: "main", ...expected }]);
  });

  it("keeps its place among the others, which work meanwhile", async () => {
    const others = (name: string) => `- slack_sink: {name: ${name}, slack_channel: ops, api_key: ${slack.token}}`;
    const sinks = await sinksOf([others("first"), slackSink(), others("last")].join("\n"));
    const all = await sinks();
    expect(all.map(({ sink }) => sink.name)).toEqual(["first", "main", "last"]);
    for (const one of [all[0], all[2]]) await one?.sink.post(findingOf(), context);
    expect(slack.messages).toHaveLength(2);
  });

  it.each([
    ["slack_sink", slackSink(), true],
    ["webhook_sink", `- webhook_sink: {name: hook, url: "http://{{ secret.cortado/slack/token }}/"}`, false],
  ])("can, while it is not ready, what a %s can, so that it is planned for as one", async (_, configured, edits) => {
    const sinks = await sinksOf(configured);
    const can = (all: readonly ConfiguredSink[]) =>
      all.map(({ sink }) => [sink.type, sink.update !== undefined, sink.reply !== undefined]);
    const before = can(await sinks());
    expect(before).toEqual([[expect.any(String), edits, edits]]);
    putSecret("token.example.com");
    expect(can(await sinks())).toEqual(before);
  });

  it("must say without it what it takes", async () => {
    await expect(sinksOf(slackSink(`, default: "{{ secret.cortado/slack/isDefault }}"`))).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringMatching(/cortado\.yaml:2.*`default`/),
    });
  });
});

describe("a cluster that does not answer", () => {
  const routing = { name: "slow", default: true, stop: false, digest: false };
  const services = { stdout: process.stdout, slackApiUrl: "http://127.0.0.1:1" };
  const fast: SinkEntry = { type: "console_sink", name: "fast", params: { name: "fast" } };
  const slackParams = { name: "slow", slack_channel: "alerts", api_key: "xoxb-1" };

  it("keeps no delivery waiting, is asked once at a time, and the sink is there when it has answered", async () => {
    const asked: PromiseWithResolvers<unknown>[] = [];
    const resolveParams = () => {
      const answer = Promise.withResolvers<unknown>();
      asked.push(answer);
      return answer.promise;
    };
    const slow: SinkEntry = { type: "slack_sink", name: "slow", params: undefined, later: { routing, resolveParams } };
    const sinks = openSinks([slow, fast], services, { patience: 5 });
    const [first, second] = [await sinks(), await sinks()];
    for (const all of [first, second]) {
      expect(all.map(({ sink }) => sink.name)).toEqual(["slow", "fast"]);
      expect(await failureOf(post(all))).toMatchObject({
        retryable: true,
        message: "the sink slow is not ready: the cluster has not answered yet with the secrets that it needs",
      });
    }
    expect(asked).toHaveLength(1);
    asked[0]?.resolve(slackParams);
    await new Promise(setImmediate);
    const [made] = await sinks();
    expect(made).toBe((await sinks())[0]);
    expect(made?.params).toMatchObject(slackParams);
  });

  it("is asked again for the next delivery after it failed", async () => {
    const answers: (() => Promise<unknown>)[] = [
      () => Promise.reject(new Error("connect ECONNREFUSED")),
      () => Promise.resolve(slackParams),
    ];
    const resolveParams = () => answers.shift()?.() ?? expect.fail("it was asked once too often");
    const slow: SinkEntry = { type: "slack_sink", name: "slow", params: undefined, later: { routing, resolveParams } };
    const sinks = openSinks([slow, fast], services);
    expect(await failureOf(post(await sinks()))).toMatchObject({
      retryable: true,
      message: "the sink slow is not ready: connect ECONNREFUSED",
    });
    expect((await sinks())[0]?.params).toMatchObject(slackParams);
    await sinks();
  });
});
