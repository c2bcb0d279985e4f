/** Compiles a playbook repository to one self-contained ES module, named by the hash of its bytes. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { didYouMean, quoted } from "../did-you-mean.ts";
import type { Problem } from "../errors.ts";
import type { Message, Plugin } from "./esbuild.ts";
import { type HostModuleName, type HostModules, hostModuleSource } from "./host.ts";
import { findEntry } from "./repository-entry.ts";

export interface RepositoryOptions {
  /** Its name in the configuration. */
  readonly name: string;
  /** `file:///path/to/folder`. */
  readonly url: string;
  /** Bundles are put into `<workDir>/<name>/<sha256>.mjs`. */
  readonly workDir: string;
  /** What `cortado` and `zod` are; their exports are checked against what is imported. */
  readonly host: HostModules;
}

/** Plain data, so that it can be handed to worker threads. */
export interface Bundle {
  readonly repository: string;
  readonly url: string;
  readonly file: string;
  /** Of the file's bytes, in hex. */
  readonly sha256: string;
}

export type Compiled =
  | { readonly bundle: Bundle; readonly problems: readonly [] }
  | { readonly problems: readonly Problem[] };

/** Never throws for what is in the repository: that is in the problems, each with its file and line. */
export async function compileRepository(options: RepositoryOptions): Promise<Compiled> {
  const folder = fileURLToPath(options.url);
  const entry = await findEntry(folder);
  if ("problem" in entry) return { problems: [{ at: join(folder, entry.in ?? ""), message: entry.problem }] };
  const result = await bundle(folder, entry.modules, options);
  if ("problems" in result) return result;
  const sha256 = createHash("sha256").update(result.bytes).digest("hex");
  const file = await store(result.bytes, join(options.workDir, options.name), `${sha256}.mjs`);
  return { bundle: { repository: options.name, url: options.url, file, sha256 }, problems: [] };
}

type Bundled = { readonly bytes: Uint8Array } | { readonly problems: readonly Problem[] };

async function bundle(folder: string, modules: readonly string[], options: RepositoryOptions): Promise<Bundled> {
  const { build } = await import("./esbuild.ts");
  const { errors, outputFiles } = await build({
    absWorkingDir: folder,
    stdin: { contents: entrySource(modules), resolveDir: folder, sourcefile: "cortado-entry.mjs" },
    outfile: "bundle.mjs",
    write: false,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    charset: "utf8",
    // Paths in stack traces are those of the sources.
    sourcemap: "inline",
    sourcesContent: false,
    sourceRoot: options.url.endsWith("/") ? options.url : `${options.url}/`,
    // CommonJS dependencies call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as cortadoRequire } from "node:module"; const require = cortadoRequire(import.meta.url);',
    },
    plugins: [hostModules(options.host)],
    logLevel: "silent",
  }).catch((failure: unknown) => {
    if (isBuildFailure(failure)) return { errors: failure.errors, outputFiles: [] };
    throw failure;
  });
  if (errors.length > 0) return { problems: errors.map((error) => toProblem(error, folder, options.host)) };
  const bytes = outputFiles[0]?.contents;
  if (bytes === undefined) throw new Error(`esbuild made nothing of the repository ${options.name}.`);
  return { bytes };
}

/** Each module's exports under the module's path, so that it is known what came from where. */
const entrySource = (modules: readonly string[]) =>
  modules.map((path) => `export * as ${JSON.stringify(path)} from ${JSON.stringify(`./${path}`)};`).join("\n");

function hostModules(host: HostModules): Plugin {
  const refusals: Readonly<Record<string, string>> = {
    "cortado/testing": "cortado/testing is for tests; a module that imports it is not an action's.",
  };
  const aliases: Readonly<Record<string, HostModuleName>> = { cortado: "cortado", zod: "zod", "zod/v4": "zod" };
  return {
    name: "cortado-host",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(?:cortado|zod)(?:\/|$)/ }, ({ path }) => {
        const name = Object.hasOwn(aliases, path) ? aliases[path] : undefined;
        if (name !== undefined) return { path: name, namespace: "cortado-host" };
        const root = path.split("/")[0];
        return { errors: [{ text: refusals[path] ?? `${path} is not available to actions; import from ${root}.` }] };
      });
      onLoad({ filter: /.*/, namespace: "cortado-host" }, ({ path }) => {
        const name = aliases[path];
        return name && { contents: hostModuleSource(name, host[name]), loader: "js" };
      });
    },
  };
}

function toProblem({ text, location }: Message, folder: string, host: HostModules): Problem {
  const at = location ? `${join(folder, location.file)}:${location.line}:${location.column + 1}` : folder;
  return { at, message: noExport(text, host) ?? explain(text, folder) };
}

function noExport(text: string, host: HostModules): string | undefined {
  const [, module, name] = /^No matching export in "cortado-host:(\w+)" for import "([^"]+)"/.exec(text) ?? [];
  if (name === undefined || (module !== "cortado" && module !== "zod")) return undefined;
  return `${module} exports no ${quoted(name)}${didYouMean(name, Object.keys(host[module]))}`;
}

function explain(text: string, folder: string): string {
  const [, missing] = /^Could not resolve "([^"]+)"/.exec(text) ?? [];
  if (missing === undefined) return /[.!?]$/.test(text) ? text : `${text}.`;
  if (missing.startsWith(".") || missing.startsWith("/")) return `There is no module ${missing}.`;
  if (isBuiltin(missing)) return `${missing} is not available to actions.`;
  return `The package ${missing} is not installed; list it in package.json and run \`npm install\` in ${folder}.`;
}

const isBuildFailure = (failure: unknown): failure is { readonly errors: Message[] } =>
  failure instanceof Error && "errors" in failure && Array.isArray(failure.errors);

/** Whoever reads the file sees the whole of it: it is written beside and renamed. */
async function store(bytes: Uint8Array, folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const exists = await stat(file).then(
    (found) => found.size === bytes.length,
    () => false,
  );
  if (exists) return file;
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}`);
  await writeFile(temporary, bytes);
  await rename(temporary, file);
  return file;
}
