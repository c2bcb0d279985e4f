/** `cortado dev` as a process: what is saved is played at once. */
import { writeFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { type Running, runCli } from "../helpers/cli-process.ts";
import { firing, webhook } from "../helpers/webhooks.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const greeting = (word: string, first = "") => `import { action, ExecutionBaseEvent, markdown } from "cortado";

export const greet = action({
  name: "greet",
  on: ExecutionBaseEvent,
  run(event) {
    ${first}
    event.addEnrichment([markdown("${word} to you")]);
  },
});
`;

const configuration = (name: string) =>
  JSON.stringify({
    playbookRepos: { own: { url: "file://{{ env.FOLDER }}/actions" } },
    builtinPlaybooks: [],
    priorityBuiltinPlaybooks: [],
    customPlaybooks: [{ name, triggers: [{ on_prometheus_alert: {} }], actions: [{ greet: {} }] }],
  });

/** Waits for what it prints; what it has printed before does not count. */
function reader({ out }: Running) {
  let read = 0;
  return async (...words: readonly string[]) => {
    for (const word of words) {
      await vi.waitFor(
        () => {
          const at = out().indexOf(word, read);
          if (at < 0) throw new Error(`${word} is not in: ${out().slice(read)}`);
          read = at + word.length;
        },
        { timeout: 30_000, interval: 20 },
      );
    }
  };
}

describe("cortado dev", { timeout: 90_000 }, () => {
  it("plays again what is saved, what is broken, mended and never ends, and what is posted", async () => {
    const folder = writeFolder({
      "actions/greet.ts": greeting("hello"),
      "cortado.yaml": configuration("Greeting"),
      "alert.json": JSON.stringify(webhook(firing({ alertname: "First" }))),
    });
    const save = (text: string) => writeFileSync(`${folder}/actions/greet.ts`, text);
    const env = { ...process.env, FOLDER: folder, TMPDIR: folder };
    const running = runCli(["dev", "alert.json", "--port", "0"], { cwd: folder, env });
    const sees = reader(running);

    await sees("== playing", "--> First firing", "match     Greeting", "hello to you", "== done");

    save(greeting("good day"));
    await sees("== actions/greet.ts was saved", "good day to you", "== done");

    save("export const greet = {{");
    await sees("== actions/greet.ts was saved", "actions/greet.ts:1:", "== failed");

    save(greeting("never", "for (;;);"));
    await sees("== actions/greet.ts was saved", "taken");
    save(greeting("at last"));
    await sees("== given up", "at last to you", "== done");

    writeFileSync(`${folder}/cortado.yaml`, configuration("Renamed"));
    await sees("== cortado.yaml was saved", "match     Renamed", "== done");

    const url = /webhook to (\S+);/.exec(running.out())?.[1] ?? "";
    const body = JSON.stringify(webhook(firing({ alertname: "Second" })));
    const answer = await fetch(`${url}/webhooks/alertmanager`, { method: "POST", body });
    expect(answer.status).toBe(200);
    await sees("--> Second firing", "at last to you", "== done");
    expect((await fetch(url, { method: "POST", body: "{" })).status).toBe(400);

    const second = runCli(["dev", "--port", new URL(url).port], { cwd: folder, env });
    expect(await second.exit).toBe(1);
    expect(second.out()).toContain("EADDRINUSE");

    running.child.kill("SIGINT");
    expect(await running.exit).toBe(0);
  });
});
