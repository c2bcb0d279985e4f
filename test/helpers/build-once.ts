/**
 * Builds the command and the server's threads before the tests, where they are not what the sources are: dozens of tests start them, and
 * what is built starts in a third of the time.
 */
import { execFile } from "node:child_process";
import { globSync, statSync, utimesSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { built } from "./built.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const made = fileURLToPath(built);

const timeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** In a process of its own: vitest cannot load the build. */
export default async function buildOnce(): Promise<void> {
  const sources = ["package-lock.json", ...globSync("{src,functions,infra}/**/*", { cwd: root })];
  const newest = Math.max(...sources.map((file) => timeOf(`${root}/${file}`)));
  if (timeOf(made) <= newest) await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url)]);
}

if (import.meta.main) {
  const { buildCommand, buildFunctions, buildTypes } = await import("../../infra/build.ts");
  await rm(made, { recursive: true, force: true });
  await Promise.all([
    buildFunctions(fileURLToPath(new URL("dist/functions", built))),
    buildCommand(fileURLToPath(new URL("dist/cli", built))),
    buildTypes(fileURLToPath(new URL("dist/types", built))),
  ]);
  await cp(`${root}/package.json`, fileURLToPath(new URL("package.json", built)));
  utimesSync(made, new Date(), new Date());
}
