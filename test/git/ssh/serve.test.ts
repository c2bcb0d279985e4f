import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { listening, type Running, runCli } from "../../helpers/cli-process.ts";
import { expectNoSecret } from "../../helpers/leaks-no-secret.ts";
import { firing, webhook } from "../../helpers/webhooks.ts";
import { makeRepository, recordedPrograms, scratch } from "../repository.ts";
import { makeKey, startSshd } from "../sshd.ts";

const say = (word: string) => `import { action, ExecutionBaseEvent } from "cortado";
export const say = action({
  name: "say",
  on: ExecutionBaseEvent,
  run: (event) => void event.addFinding({ title: "It says ${word}", aggregationKey: "say" }),
});
`;

const within = { timeout: 40_000, interval: 50 };

it("cortado serve runs the action of a private repository, takes over what its branch moves to, and goes on without its source", async () => {
  const { key, publicKey } = makeKey();
  const sshd = await startSshd([publicKey]);
  let open = true;
  const close = async () => {
    if (open) await sshd.close();
    open = false;
  };
  onTestFinished(close);
  const repository = makeRepository({ "say.ts": say("one") });
  const programs = recordedPrograms(["git", "ssh"]);
  const home = scratch();
  const url = `${sshd.url}${repository.path}`;
  writeFileSync(
    join(home, "cortado.yaml"),
    JSON.stringify({
      playbookRepos: {
        own: { url, key: "{{ env.DEPLOY_KEY }}", known_hosts: sshd.knownHost, poll_seconds: 5 },
      },
      priorityBuiltinPlaybooks: [],
      builtinPlaybooks: [],
      customPlaybooks: [{ triggers: [{ on_prometheus_alert: {} }], actions: [{ say: {} }] }],
    }),
  );
  const env = { ...process.env, PATH: programs.path, DEPLOY_KEY: Buffer.from(key).toString("base64") };
  const start = () =>
    runCli(
      [
        ...["serve", "--config", join(home, "cortado.yaml"), "--data", join(home, "data")],
        ...["--cluster", "embedded", "--port", "0", "--admin-port", "0"],
      ],
      { env },
    );
  const post = async (running: Running, alertname: string) => {
    const response = await fetch(`${await listening(running)}/webhooks/alertmanager`, {
      method: "POST",
      body: JSON.stringify(webhook(firing({ alertname }))),
    });
    expect(response.status).toBe(200);
  };
  const says = (running: Running, word: string) =>
    vi.waitFor(() => expect(running.out()).toContain(`It says ${word}`), within);

  const first = start();
  await post(first, "First");
  await says(first, "one");

  repository.commit({ "say.ts": say("two") });
  await vi.waitFor(() => expect(first.out()).toContain("a new generation serves"), within);
  await post(first, "Second");
  await says(first, "two");

  // What does not load never replaces what runs.
  repository.commit({ "say.ts": "export const = 1;" });
  await vi.waitFor(() => expect(first.out()).toContain("does not load; the generation before it goes on"), within);
  repository.commit({ "say.ts": say("three") });
  await vi.waitFor(() => expect(first.out().match(/a new generation serves/g)).toHaveLength(2), within);
  first.child.kill("SIGTERM");
  expect(await first.exit).toBe(0);

  await close();
  const second = start();
  await post(second, "Third");
  await says(second, "three");
  expect(second.out()).toMatch(/does not take connections; what was fetched before goes on \([0-9a-f]{40}\)/);
  await vi.waitFor(async () => {
    const admin = /"admin":"(http:[^"]+)"/.exec(second.out())?.[1];
    expect(await (await fetch(`${admin}/readyz`)).json()).toMatchObject({
      status: "ready",
      away: { own: expect.stringContaining("does not take connections") },
    });
  }, within);
  second.child.kill("SIGTERM");
  expect(await second.exit).toBe(0);

  const secrets = [key, env.DEPLOY_KEY, ...key.split("\n").filter((line) => line.length > 60)];
  expectNoSecret([first.out(), second.out(), programs.read()], secrets);
  expect(programs.read()).toContain("ls-remote");
  expect(readFileSync(join(home, "cortado.yaml"), "utf8")).not.toContain("PRIVATE");
}, 120_000);
