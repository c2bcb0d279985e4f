import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };

const run = promisify(execFile);
const start = (...options: readonly string[]) =>
  run(process.execPath, [...options, "infra/start.js", "src/cli/main.ts", "--version"]);

it("runs a module with the arguments after it", async () => {
  expect((await start()).stdout).toBe(`${packageJson.version}\n`);
});

it("tells an older Node in one sentence what is needed", async () => {
  const older = 'Object.defineProperty(process, "versions", { value: { node: "20.20.2" } })';
  const failed = await start("--import", `data:text/javascript,${encodeURIComponent(older)}`).catch((error) => error);
  expect(failed).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Cortado needs Node 22\.19 or newer, .*\n$/),
  });
});
