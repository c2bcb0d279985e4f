/** `cortado playbooks …` as a process: against a running server, and against its table and its store. */
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { listening, runCli } from "../helpers/cli-process.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const example = fileURLToPath(new URL("../../docs/examples/my-actions", import.meta.url));
const secret = "the-secret-of-an-author";
const sha256 = createHash("sha256").update(secret).digest("hex");

/** A folder with a configuration, and the package of the docs in it. */
function home(): string {
  const auth = { tokens: [{ name: "author", sha256, scopes: ["admin", "ingest"] }] };
  const configuration = { auth, priorityBuiltinPlaybooks: [], builtinPlaybooks: [] };
  const folder = writeFolder({ "cortado.yaml": JSON.stringify(configuration) });
  cpSync(example, path.join(folder, "my-actions"), { recursive: true });
  return folder;
}

const env = ({ ...more }: Record<string, string>) => ({ PATH: process.env.PATH, HOME: process.env.HOME, ...more });

async function playbooks(cwd: string, parameters: readonly string[], more: Record<string, string> = {}) {
  const { exit, out } = runCli(["playbooks", ...parameters], { cwd, env: env(more) });
  return { code: await exit, out: await exit.then(out) };
}

async function serve(cwd: string): Promise<string> {
  const running = runCli(["serve", "--cluster", "embedded", "--port", "0", "--admin-port", "0"], { cwd, env: env({}) });
  return await listening(running);
}

async function actions(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/actions`, { headers: { authorization: `Bearer ${secret}` } });
  const body: { actions: readonly { name: string }[] } = JSON.parse(await response.text());
  return body.actions.map(({ name }) => name);
}

/** Processes that load TypeScript, on a machine that has other tests to run. */
const long = { timeout: 180_000 };
const within = { timeout: 15_000, interval: 50 };

describe("cortado playbooks", () => {
  it(
    "pushes to a running server, which answers when it is live there; goes back; and writes what is live",
    long,
    async () => {
      const folder = home();
      const url = await serve(folder);
      const remote = { CORTADO_URL: url, CORTADO_TOKEN: secret };
      const first = await playbooks(folder, ["push", "my-actions"], remote);
      expect(first).toMatchObject({
        code: 0,
        out: expect.stringMatching(/live +my_actions 1\.0\.0 \(\w{8}\), revision 1; .* serves generation \w{16}/),
      });
      expect(await actions(url)).toContain("argo_app_sync");

      appendFileSync(path.join(folder, "my-actions/my-action.ts"), "\nexport const more = 1;\n");
      expect(await playbooks(folder, ["push", "my-actions"], remote)).toMatchObject({
        code: 0,
        out: expect.stringContaining("revision 2"),
      });
      expect(await playbooks(folder, ["rollback", "my_actions"], remote)).toMatchObject({
        code: 0,
        out: expect.stringContaining("revision 3"),
      });
      const pulled = await playbooks(folder, ["pull", "my_actions", "out"], remote);
      expect(pulled.code).toBe(0);
      const [bundle = ""] = readdirSync(path.join(folder, "out")).filter((name) => name.endsWith(".mjs"));
      const bytes = readFileSync(path.join(folder, "out", bundle));
      expect(bundle).toBe(`${createHash("sha256").update(bytes).digest("hex")}.mjs`);
      expect(readdirSync(path.join(folder, "out"))).toHaveLength(3);

      expect(await playbooks(folder, ["delete", "my_actions"], remote)).toMatchObject({ code: 0 });
      expect(await actions(url)).not.toContain("argo_app_sync");
    },
  );

  it("pushes to the table and the store, where a running server finds it", long, async () => {
    const folder = home();
    const url = await serve(folder);
    expect(await playbooks(folder, ["push", "my-actions"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("revision 1"),
    });
    await vi.waitFor(async () => expect(await actions(url)).toContain("argo_app_sync"), within);
  });

  it.each<[string, (folder: string) => void, readonly string[], Record<string, string>, RegExp]>([
    [
      "does not compile",
      (folder) => writeFileSync(path.join(folder, "my-actions/my-action.ts"), "export const = 1;"),
      ["push", "my-actions"],
      {},
      /my-actions\/my-action\.ts:1:14 /,
    ],
    [
      "is wrong by its types",
      (folder) =>
        appendFileSync(path.join(folder, "my-actions/my-action.ts"), '\nexport const wrong: number = "one";\n'),
      ["push", "my-actions"],
      {},
      /my-action\.ts:\d+:14 +TS2322/,
    ],
    ["was never pushed", () => undefined, ["show", "nothing"], {}, /Nothing was ever pushed under the name nothing/],
    [
      "is pushed to where nobody serves",
      () => undefined,
      ["list"],
      { CORTADO_URL: "http://127.0.0.1:3" },
      /127\.0\.0\.1:3 does not answer \(ECONNREFUSED\)/,
    ],
  ])("says why what %s is refused", long, async (_, spoil, parameters, more, why) => {
    const folder = home();
    spoil(folder);
    const { code, out } = await playbooks(folder, parameters, more);
    expect(out).toMatch(why);
    expect(code).toBe(1);
  });
});
