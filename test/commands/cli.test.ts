/** The command as a process: what it refuses to start with, and how it ends. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { describe, expect, it, vi } from "vitest";
import { startAnsweringServer } from "../helpers/answering-server.ts";
import { listening, runCli } from "../helpers/cli-process.ts";
import { firing, webhook } from "../helpers/webhooks.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const serve = (folder: string, ...more: readonly string[]) =>
  runCli([
    ...["serve", "--config", `${folder}/cortado.yaml`, "--data", `${folder}/data`],
    ...["--cluster", "embedded", "--port", "0", "--admin-port", "0", ...more],
  ]);

const slowAction = `import { action, ExecutionBaseEvent } from "cortado";
import * as z from "zod";

export const ask = action({
  name: "ask",
  on: ExecutionBaseEvent,
  params: z.strictObject({ url: z.string() }),
  async run(_event, { url }) {
    await fetch(url, { method: "POST" });
    // What an action leaves behind must not keep the process.
    setInterval(() => undefined, 1_000);
  },
});
`;

describe("cortado serve", { timeout: 40_000 }, () => {
  it("ends with 1 and every problem where the configuration does not load", async () => {
    const folder = writeFolder({
      "cortado.yaml": `sinksConfig:
- slack_snik: {name: slack}
customPlaybooks:
- triggers: [{on_prometheus_alert: {alert_nam: A}}]
  actions: [{logs_enrichr: {}}]
- triggers: []
  actions: [{default_enricher: {}}]
auth: {tokens: [{name: a, sha256: abc}]}
`,
    });
    const { exit, out } = serve(folder);
    expect(await exit).toBe(1);
    for (const problem of ["slack_sink", "alert_name", "logs_enricher", "at least one trigger", "sha256"]) {
      expect(out()).toContain(problem);
    }
    expect(out()).toMatch(/^\d+ problems:$/m);
    expect(out()).toMatch(/cortado\.yaml:2:\d+/);
  });

  it("ends with 1 where it would listen to the network without a token", async () => {
    const folder = writeFolder({ "cortado.yaml": "customPlaybooks: []\n" });
    const { exit, out } = serve(folder, "--host", "0.0.0.0");
    expect(await exit).toBe(1);
    expect(out()).toContain("without a token in auth.tokens anybody who reaches 0.0.0.0 could start actions");
  });

  it("ends with 1 where its port is taken", async () => {
    const taken = await startAnsweringServer(() => ({}));
    const folder = writeFolder({ "cortado.yaml": "customPlaybooks: []\n" });
    const { exit, out } = serve(folder, "--port", new URL(taken.url).port);
    expect(await exit).toBe(1);
    expect(out()).toContain("EADDRINUSE");
    await taken.close();
  });

  it("on SIGTERM takes nothing more, finishes what is in work, and ends with 0, whoever keeps a connection open", async () => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const target = await startAnsweringServer(async () => {
      asked.resolve();
      await go.promise;
      return {};
    });
    const folder = writeFolder({
      "actions/ask.ts": slowAction,
      "cortado.yaml": JSON.stringify({
        playbookRepos: { own: { url: "file://FOLDER/actions" } },
        sinksConfig: [{ console_sink: { name: "console" } }],
        customPlaybooks: [
          {
            triggers: [{ on_prometheus_alert: {} }],
            actions: [{ ask: { url: target.url } }, { default_enricher: {} }],
          },
        ],
      }),
    });
    const file = `${folder}/cortado.yaml`;
    writeFileSync(file, readFileSync(file, "utf8").replace("FOLDER", folder));
    const running = serve(folder);
    const url = await listening(running);
    const agent = new http.Agent({ keepAlive: true });
    expect(await post(url, webhook(firing({ alertname: "InWork" })), agent)).toBe(200);
    await asked.promise;

    running.child.kill("SIGTERM");
    await vi.waitFor(() => expect(running.out()).toContain("draining"), { timeout: 10_000 });
    await expect(post(url, webhook(firing({ alertname: "TooLate" })))).rejects.toThrow(
      /ECONNREFUSED|ECONNRESET|hang up/,
    );
    expect(running.child.exitCode).toBeNull();
    go.resolve();
    expect(await running.exit).toBe(0);
    expect(running.out()).toContain("InWork");
    expect(running.out()).not.toContain("TooLate");
    agent.destroy();
    await target.close();
  });
});

async function post(url: string, body: unknown, agent?: http.Agent): Promise<number | undefined> {
  const outgoing = http.request(`${url}/webhooks/alertmanager`, { method: "POST", ...(agent && { agent }) });
  outgoing.end(JSON.stringify(body));
  const [response] = (await once(outgoing, "response")) as [http.IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.statusCode;
}
