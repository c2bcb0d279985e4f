/** From nothing to a package whose action runs in its own test, as an author does it: real processes, no network. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../helpers/cli-process.ts";
import { writeFolder } from "../helpers/write-folder.ts";

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { exit, out } = runCli(["playbooks", ...args]);
  return { code: await exit, output: out() };
}

describe("cortado playbooks", () => {
  it("new writes a package that passes test as it stands, and test says what is wrong with it once something is", async () => {
    const folder = join(writeFolder({}), "shop-actions");
    const written = await run("new", "shop-actions", "--dir", folder);
    expect(written).toMatchObject({ code: 0 });
    for (const file of ["package.json", "tsconfig.json", "README.md", ".gitignore", "src/my-action.ts"]) {
      expect(existsSync(join(folder, file))).toBe(true);
    }

    const passed = await run("test", folder);
    expect(passed.output).toMatch(/package +shop-actions 0\.1\.0\nactions +my_action\n/);
    expect(passed.output).toMatch(/my_action shows the processes/);
    expect(passed.output).toMatch(/tests +passed\nOK\n$/);
    expect(passed.code).toBe(0);

    const source = join(folder, "src/my-action.ts");
    const text = readFileSync(source, "utf8").replace("event.getPod()", "event.getPodd()");
    writeFileSync(source, text);
    const line = text.split("\n").findIndex((one) => one.includes("getPodd")) + 1;
    const failed = await run("test", folder);
    expect(failed.output).toMatch(new RegExp(`src/my-action\\.ts:${line}:29 +problem: TS2551: Property 'getPodd'`));
    expect(failed.output).toMatch(/tests +failed\n1 problem, the tests failed\n$/);
    expect(failed.code).toBe(1);
  });

  it("new leaves alone what is there", async () => {
    const folder = writeFolder({ "a.ts": "" });
    const { code, output } = await run("new", "shop-actions", "--dir", folder);
    expect(output).toBe(`There is something in ${folder} already; give another folder with --dir.\n`);
    expect(code).toBe(1);
  });

  it("new refuses a name that no package can have", async () => {
    const { code, output } = await run("new", "../Shop");
    expect(output).toMatch(/^\.\.\/Shop cannot name a package: use lower-case letters/);
    expect(code).toBe(1);
  });
});
