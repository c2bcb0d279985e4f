import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { BundleManifest } from "../bundles/bundle-manifest.ts";
import { type Compiled, compileRepository } from "../bundles/compile.ts";
import { packageNear } from "../bundles/installed.ts";
import type { Problem } from "../errors.ts";
import { host } from "../playbooks/host.ts";
import { linkCortado, zodOfCortado } from "./link-cortado.ts";

/** Compiles a package, checks its types and runs its tests. The exit code is 1 where something is wrong. */
export async function testPackage(dir: string): Promise<void> {
  const folder = path.resolve(dir);
  await linkCortado(folder);
  const compiled = await compile(folder);
  for (const { at, message } of compiled.warnings) console.log(`${at}  note: ${message}`);
  for (const { at, message } of compiled.problems) console.log(`${at}  problem: ${message}`);
  if ("manifest" in compiled) console.log(summary(compiled.manifest));
  const tested = await runTests(folder);
  console.log(`tests        ${tested}`);
  const failed = compiled.problems.length > 0 || tested === "failed";
  console.log(failed ? verdict(compiled.problems, tested) : "OK");
  process.exitCode = failed ? 1 : 0;
}

async function compile(folder: string): Promise<Compiled> {
  const workDir = await mkdtemp(path.join(tmpdir(), "cortado-test-"));
  try {
    return await compileRepository({ name: "tested", url: pathToFileURL(folder).href, workDir, host, types: true });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

function summary({ package: { name, version }, actions, playbooks }: BundleManifest): string {
  const of = version === undefined ? name : `${name} ${version}`;
  const named = (items: readonly { readonly name: string }[]) => items.map((item) => item.name).join(", ") || "none";
  return [`package      ${of}`, `actions      ${named(actions)}`, `playbooks    ${named(playbooks)}`].join("\n");
}

function verdict({ length }: readonly Problem[], tested: Tested): string {
  const problems = length === 0 ? [] : [`${length} problem${length > 1 ? "s" : ""}`];
  return [...problems, ...(tested === "failed" ? ["the tests failed"] : [])].join(", ");
}

type Tested = "passed" | "failed" | "none";

/** With vitest where the tests import it, else with Node's own runner. */
async function runTests(folder: string): Promise<Tested> {
  const files = await testsIn(folder);
  if (files.length === 0) return "none";
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  const byVitest = texts.some((text) => /\bfrom ["']vitest["']/.test(text));
  const parameters = byVitest ? [await vitestNear(folder), "run"] : [zodOfCortado(), "--test", ...files];
  const child = spawn(process.execPath, parameters, { cwd: folder, stdio: "inherit" });
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  return code === 0 ? "passed" : "failed";
}

async function vitestNear(folder: string): Promise<string> {
  const home = await packageNear("vitest", folder);
  if (home === undefined)
    throw new Error(`The tests import vitest, which is not installed; run \`npm install\` in ${folder}.`);
  return path.join(home, "vitest.mjs");
}

/** Paths relative to the folder. */
async function testsIn(folder: string, within = ""): Promise<string[]> {
  const entries = await readdir(path.join(folder, within), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const file = path.join(within, entry.name);
      if (entry.isFile()) return /\.(?:test|spec)\.(?:ts|mts|js|mjs)$/.test(entry.name) ? [file] : [];
      return entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name) ? await testsIn(folder, file) : [];
    }),
  );
  return found.flat().sort();
}
