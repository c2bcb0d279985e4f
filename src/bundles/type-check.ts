/** The author's own TypeScript, run over a repository. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import * as z from "zod";
import type { Problem } from "../errors.ts";
import { packageAround, packageNear, upwards } from "./installed.ts";

interface Checked {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Runs the TypeScript that is installed nearest to the folder over its tsconfig.json, or over the modules where it has none. What it says
 * of files outside the folder is not told. Where no TypeScript is installed, that of `own`, Cortado's folder, is used; where there is none,
 * a warning says so.
 */
export async function checkTypes(
  folder: string,
  modules: readonly string[],
  own = import.meta.dirname,
): Promise<Checked> {
  if (!modules.some((module) => /\.m?ts$/.test(module))) return { problems: [], warnings: [] };
  const compiler = (await compilerNear(folder)) ?? (await compilerNear(own));
  if (compiler === undefined) {
    const message = "Its types are not checked, as no TypeScript is installed; `npm install --save-dev typescript`.";
    return { problems: [], warnings: [{ at: folder, message }] };
  }
  const temporary = await mkdtemp(join(tmpdir(), "cortado-types-"));
  try {
    const project = await projectOf(folder, modules, temporary);
    const { output, failed } = await run(compiler, ["--noEmit", "--pretty", "false", "-p", project], folder);
    const problems = diagnosticsIn(output, folder);
    if (failed && problems.length === 0 && !/error TS\d+/.test(output)) {
      return {
        problems: [{ at: folder, message: `TypeScript did not run: ${output.trim().slice(-500)}` }],
        warnings: [],
      };
    }
    return { problems, warnings: [] };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const timeoutMilliseconds = 120_000;

function run(
  compiler: string,
  parameters: readonly string[],
  cwd: string,
): Promise<{ output: string; failed: boolean }> {
  const options = { cwd, timeout: timeoutMilliseconds, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, ...parameters], options, (error, stdout, stderr) => {
      resolve({ output: `${stdout}${stderr}`, failed: error !== null });
    });
  });
}

/** The tsconfig.json that is checked: the author's, with a hand where they have not installed what it needs. */
async function projectOf(folder: string, modules: readonly string[], temporary: string): Promise<string> {
  const own = join(folder, "tsconfig.json");
  const text = await readFile(own, "utf8").catch(() => undefined);
  const paths = text !== undefined && /"paths"\s*:/.test(text) ? {} : await pathsFor(folder);
  const installed = (await packageNear("@types/node", folder)) !== undefined;
  if (text !== undefined && Object.keys(paths).length === 0 && installed) return own;
  const typeRoots = [folder, import.meta.dirname].flatMap((from) =>
    upwards(from).map((one) => join(one, "node_modules/@types")),
  );
  const config =
    text === undefined
      ? { compilerOptions: { ...defaults, typeRoots, paths }, files: modules.map((module) => join(folder, module)) }
      : { extends: own, compilerOptions: { typeRoots, paths } };
  const file = join(temporary, "tsconfig.json");
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** For a folder without a tsconfig.json. */
const defaults = {
  target: "es2024",
  module: "nodenext",
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  exactOptionalPropertyTypes: true,
  allowJs: true,
};

/** Where `cortado` and `zod` are, for a folder that has not installed them. */
async function pathsFor(folder: string): Promise<Record<string, readonly string[]>> {
  const own = (await packageAround(import.meta.dirname)) ?? "";
  // A checkout may have been built long ago.
  const types = (module: string) =>
    join(own, import.meta.filename.endsWith(".ts") ? `src/${module}.ts` : `dist/types/src/${module}.d.ts`);
  const ours: Readonly<Record<string, readonly string[]>> = {
    cortado: [types("index")],
    "cortado/testing": [types("testing")],
  };
  const zod = await packageNear("zod", import.meta.dirname);
  const wanted =
    zod === undefined ? ours : { ...ours, zod: [join(zod, "index.d.ts")], "zod/*": [join(zod, "*/index.d.ts")] };
  const missing = await Promise.all(
    Object.entries(wanted).map(async ([name, path]) => {
      const found = await packageNear(name.split("/")[0] ?? name, folder);
      return found === undefined ? [[name, path] as const] : [];
    }),
  );
  return Object.fromEntries(missing.flat());
}

/** `src/a.ts(3,7): error TS2322: …`, with more of it in indented lines below; without a place where it is of the project. */
function diagnosticsIn(output: string, folder: string): Problem[] {
  const lines = output.replaceAll(/\n +/g, " ").split("\n");
  return lines.flatMap((line) => {
    const [, file, row, column, message] = /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+: .*)$/.exec(line) ?? [];
    if (message === undefined) return [];
    if (file === undefined) return [{ at: join(folder, "tsconfig.json"), message }];
    const path = resolve(folder, file);
    return isWithin(folder, path) ? [{ at: `${path}:${row}:${column}`, message }] : [];
  });
}

const isWithin = (folder: string, file: string) => {
  const path = relative(folder, file);
  return !path.startsWith("..") && !isAbsolute(path) && !path.split("/").includes("node_modules");
};

const binSchema = z.object({ bin: z.object({ tsc: z.string() }) });

async function compilerNear(folder: string): Promise<string | undefined> {
  const home = await packageNear("typescript", folder);
  if (home === undefined) return undefined;
  const parsed = binSchema.safeParse(JSON.parse(await readFile(join(home, "package.json"), "utf8")));
  return parsed.success ? join(home, parsed.data.bin.tsc) : undefined;
}
