/** Compiles a playbook repository to one self-contained ES module, named by the hash of its bytes, with a manifest beside it. */
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Problem } from "../errors.ts";
import { buildProblem, isBuildFailure } from "./build-problems.ts";
import { type BundleManifest, type ManifestFile, sha256Of } from "./bundle-manifest.ts";
import type { HostModules } from "./host.ts";
import { hostModules } from "./host-plugin.ts";
import type { InspectionLimits } from "./inspect.ts";
import { type Entry, findEntry } from "./repository-entry.ts";
import { checkTypes } from "./type-check.ts";
import { withManifest } from "./with-manifest.ts";
import { writeWhole } from "./write-whole.ts";

export interface RepositoryOptions {
  /** Its name in the configuration. */
  readonly name: string;
  /** `file:///path/to/folder`. */
  readonly url: string;
  /** Bundles are put into `<workDir>/<name>/<sha256>.mjs`. */
  readonly workDir: string;
  /** What `cortado` and `zod` are; their exports are checked against what is imported. */
  readonly host: HostModules;
  /** Whether the author's TypeScript checks it too, which takes seconds; default no. */
  readonly types?: boolean;
  /** Where stack traces say that the sources are; default where they are. With the same one the same sources make the same bundle anywhere. */
  readonly sourceRoot?: string;
  readonly limits?: InspectionLimits;
}

/** Plain data, so that it can be handed to worker threads. */
export interface Bundle {
  readonly repository: string;
  readonly url: string;
  readonly file: string;
  /** Of the file's bytes, in hex. */
  readonly sha256: string;
  readonly manifest: ManifestFile;
  /** Whether the configuration says where it is, or somebody has pushed it. */
  readonly source: "configured" | "pushed";
}

export type Compiled =
  | {
      readonly bundle: Bundle;
      readonly manifest: BundleManifest;
      readonly problems: readonly [];
      /** What its author should know and what is no fault. */
      readonly warnings: readonly Problem[];
    }
  | { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/** Never throws for what is in the repository: that is in the problems, each with its file and line. */
export async function compileRepository(options: RepositoryOptions): Promise<Compiled> {
  const folder = fileURLToPath(options.url);
  const entry = await findEntry(folder);
  if ("problem" in entry) return refused([{ at: join(folder, entry.in ?? ""), message: entry.problem }]);
  const [made, types] = await Promise.all([
    makeBundle(folder, entry, options),
    options.types ? checkTypes(folder, entry.modules) : { problems: [], warnings: [] },
  ]);
  const problems = [...made.problems, ...types.problems];
  const warnings = [...made.warnings, ...types.warnings];
  return "bundle" in made && problems.length === 0 ? { ...made, warnings } : refused(problems, warnings);
}

const refused = (problems: readonly Problem[], warnings: readonly Problem[] = []) => ({ problems, warnings });

async function makeBundle(folder: string, entry: Entry, options: RepositoryOptions): Promise<Compiled> {
  const { modules, ...of } = entry;
  const built = await build(folder, modules, options);
  if ("problems" in built) return refused(built.problems);
  const sha256 = sha256Of(built.bytes);
  const file = join(options.workDir, options.name, `${sha256}.mjs`);
  if (!(await isThere(file, built.bytes.length))) await writeWhole(file, built.bytes);
  const root = fileURLToPath(options.sourceRoot ?? options.url);
  const { limits } = options;
  const found = await withManifest(
    { file, sha256, folder: root },
    { package: of.package ?? { name: basename(root) }, ...(limits === undefined ? {} : { limits }) },
  );
  const here = ({ at, message }: Problem) => ({
    at: at.startsWith(root) ? folder + at.slice(root.length) : at,
    message,
  });
  if (!("manifest" in found)) return refused(found.problems.map(here), found.warnings.map(here));
  const bundle: Bundle = {
    repository: options.name,
    url: options.url,
    file,
    sha256,
    manifest: found.file,
    source: "configured",
  };
  return { bundle, manifest: found.manifest, problems: [], warnings: found.warnings.map(here) };
}

type Built = { readonly bytes: Uint8Array } | { readonly problems: readonly Problem[] };

async function build(folder: string, modules: readonly string[], options: RepositoryOptions): Promise<Built> {
  const { build: esbuild } = await import("./esbuild.ts");
  const { errors, outputFiles } = await esbuild({
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
    sourceRoot: withSlash(options.sourceRoot ?? options.url),
    // CommonJS dependencies call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as cortadoRequire } from "node:module"; const require = cortadoRequire(import.meta.url);',
    },
    plugins: [hostModules(options.host, folder)],
    logLevel: "silent",
  }).catch((failure: unknown) => {
    if (isBuildFailure(failure)) return { errors: failure.errors, outputFiles: [] };
    throw failure;
  });
  if (errors.length > 0) return { problems: errors.map((error) => buildProblem(error, folder, options.host)) };
  const bytes = outputFiles[0]?.contents;
  if (bytes === undefined) throw new Error(`esbuild made nothing of the repository ${options.name}.`);
  return { bytes };
}

const withSlash = (url: string) => (url.endsWith("/") ? url : `${url}/`);

/** Each module's exports under the module's path, so that it is known what came from where. */
const entrySource = (modules: readonly string[]) =>
  modules.map((path) => `export * as ${JSON.stringify(path)} from ${JSON.stringify(`./${path}`)};`).join("\n");

const isThere = (file: string, size: number) =>
  stat(file).then(
    (found) => found.size === size,
    () => false,
  );
