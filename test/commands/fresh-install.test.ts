/** `cortado serve` in an empty folder: what somebody gets who has configured nothing, or nothing but a Slack token. */
import { readFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { listening, type Running, runCli } from "../helpers/cli-process.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const recorded = async (file: string) => await readFile(new URL(`../../${file}`, import.meta.url), "utf8");
const crashLoop = await recorded("src/dev/webhooks/crash-loop-firing.json");
/** Several alerts, of nothing that the cluster has. */
const several = await recorded("test/fixtures/alertmanager/0.28/wh-default-0002.json");

const serve = (files: Record<string, string>, env: Record<string, string>, ...more: readonly string[]) =>
  runCli(["serve", "--cluster", "embedded", "--port", "0", "--admin-port", "0", ...more], {
    cwd: writeFolder(files),
    env: { PATH: process.env.PATH, ...env },
  });

async function slackFor(...names: readonly string[]): Promise<FakeSlack> {
  const slack = await startFakeSlack({ channels: Object.fromEntries(names.map((name) => [name, {}])) });
  onTestFinished(() => slack.close());
  return slack;
}

async function post(running: Running, body: string): Promise<void> {
  const url = await listening(running);
  const { status } = await fetch(`${url}/webhooks/alertmanager`, { method: "POST", body });
  expect(status).toBe(200);
}

const patience = { timeout: 15_000, interval: 20 };

describe("in an empty folder", { timeout: 40_000 }, () => {
  it("a token is enough: alerts are posted to #alerts, with what the built-in playbooks find", async () => {
    const slack = await slackFor("alerts");
    const running = serve({}, { SLACK_BOT_TOKEN: slack.token, CORTADO_SLACK_API_URL: slack.url });
    await post(running, crashLoop);
    await vi.waitFor(() => expect(slack.messages).toHaveLength(1), patience);
    const [message] = slack.messages;
    expect(message).toMatchObject({ channel: slack.id("alerts") });
    const text = message === undefined ? "" : textOf(message);
    for (const part of [
      "Pod is crash looping.",
      "Restarts",
      "Back-off restarting failed container",
      "KubePodCrashLooping",
    ])
      expect(text).toContain(part);
    expect(slack.refusals).toEqual([]);
    expect(running.out()).toContain("the built-in playbooks run, and findings go to slack.");
    expect(running.out()).not.toContain(slack.token);
  });

  it("the channel is another where the environment says so, and every alert is told", async () => {
    const slack = await slackFor("ops");
    const env = { SLACK_BOT_TOKEN: slack.token, SLACK_CHANNEL: "#ops", CORTADO_SLACK_API_URL: slack.url };
    const { alerts }: { alerts: unknown[] } = JSON.parse(several);
    await post(serve({}, env), several);
    await vi.waitFor(() => expect(slack.messages).toHaveLength(alerts.length), patience);
    for (const message of slack.messages) expect(textOf(message)).toContain("Alert labels");
  });

  it("without a token findings are printed", async () => {
    const running = serve({}, {});
    await post(running, crashLoop);
    await vi.waitFor(() => expect(running.out()).toContain("Alert labels"), patience);
    expect(running.out()).toContain("the built-in playbooks run, and findings are printed here.");
    expect(running.out()).toContain("panic: open order store");
  });

  it("the token changes nothing where the configuration has sinks", async () => {
    const slack = await slackFor("alerts");
    const sinks = "sinksConfig: [{console_sink: {name: console}}]\n";
    const running = serve(
      { "cortado.yaml": sinks },
      { SLACK_BOT_TOKEN: slack.token, CORTADO_SLACK_API_URL: slack.url },
    );
    await post(running, crashLoop);
    await vi.waitFor(() => expect(running.out()).toContain("Alert labels"), patience);
    expect(slack.calls).toEqual([]);
  });

  it.each<[string, Record<string, string>, readonly string[]]>([
    ["the command line", {}, ["--config", "mine.yaml"]],
    ["the environment", { CORTADO_CONFIG: "mine.yaml" }, []],
  ])("a configuration that %s names has to be there", async (_, env, args) => {
    const { exit, out } = serve({}, env, ...args);
    expect(await exit).toBe(1);
    expect(out()).toContain(
      "mine.yaml  The configuration cannot be read: there is no such file. Name it with --config, or CORTADO_CONFIG.",
    );
  });
});
