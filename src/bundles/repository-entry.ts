/** Which modules of a playbook repository are its entry. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

export interface Entry {
  /** Paths relative to the repository. */
  readonly modules: readonly string[];
  /** As its package.json names it. */
  readonly package?: { readonly name: string; readonly version?: string };
}

/** Why there is none, and in which file. */
export interface NoEntry {
  readonly problem: string;
  readonly in?: string;
}

const moduleExtensions = ["ts", "mts", "js", "mjs"];

/**
 * What package.json names (`exports`, `module`, `main`), else `src/index`, else every module at the top, or at the top of `src`. Tests and
 * declarations are no modules.
 */
export async function findEntry(folder: string): Promise<Entry | NoEntry> {
  if (!(await isFolder(folder))) return { problem: `The folder ${folder} does not exist.` };
  const of = await readPackage(folder);
  if ("problem" in of) return of;
  const found = of.path === undefined ? await modulesOf(folder) : await namedByPackage(folder, of.path);
  return "problem" in found || of.package === undefined ? found : { ...found, package: of.package };
}

async function modulesOf(folder: string): Promise<Entry | NoEntry> {
  for (const directory of [".", "src"]) {
    const modules = (await modulesIn(join(folder, directory))).map((file) => join(directory, file));
    const index = directory === "src" ? modules.filter((file) => /^src\/index\.\w+$/.test(file)) : [];
    if (index.length > 0) return { modules: index };
    if (modules.length > 0 && !(await onlyConfigures(directory, modules, folder))) return { modules };
  }
  return { problem: await whyNothing(folder) };
}

/** Files like `vitest.config.ts` at the top do not make the top the place of the actions. */
async function onlyConfigures(directory: string, modules: readonly string[], folder: string): Promise<boolean> {
  const configures = modules.every((file) => /\.config\.\w+$/.test(file));
  return directory === "." && configures && (await modulesIn(join(folder, "src"))).length > 0;
}

async function modulesIn(folder: string): Promise<string[]> {
  if (!(await isFolder(folder))) return [];
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  return files
    .map(({ name }) => name)
    .filter(isModule)
    .sort();
}

const isModule = (name: string) =>
  moduleExtensions.some((extension) => name.endsWith(`.${extension}`)) &&
  !/\.(?:test|spec|test-d|d)\.\w+$|^\./.test(name);

const packageSchema = z.object({
  name: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  exports: z.unknown().optional(),
  module: z.string().optional(),
  main: z.string().optional(),
});

async function readPackage(folder: string): Promise<(Pick<Entry, "package"> & { readonly path?: string }) | NoEntry> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
  if (text === undefined) return {};
  const parsed = packageSchema.safeParse(parseJson(text));
  if (!parsed.success) return { problem: "This is not a package.json: it must be a JSON object.", in: "package.json" };
  const { name, version, exports, module, main } = parsed.data;
  const path = rootOf(exports) ?? module ?? main;
  return {
    ...(name === undefined ? {} : { package: { name, ...(version === undefined ? {} : { version }) } }),
    ...(path === undefined ? {} : { path }),
  };
}

async function namedByPackage(folder: string, path: string): Promise<Entry | NoEntry> {
  if (await isFile(join(folder, path))) return { modules: [path] };
  return { problem: `The entry ${path} does not exist; build it, or name a TypeScript file.`, in: "package.json" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The entry of `exports` for an import: a path, or nested conditions. */
function rootOf(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  const wanted = new Set([".", "node", "import", "default"]);
  for (const [condition, value] of Object.entries(exports)) {
    const found = wanted.has(condition) ? rootOf(value) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

async function whyNothing(folder: string): Promise<string> {
  const names = await readdir(folder);
  const python = names.some((name) => name === "pyproject.toml" || name === "setup.py" || name.endsWith(".py"));
  return python
    ? "This repository is written in Python; Cortado runs actions written in TypeScript or JavaScript."
    : `The folder ${folder} holds no TypeScript or JavaScript at its top, in src, or named by a package.json.`;
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
