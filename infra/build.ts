/**
 * Bundles what is deployed: `npm run build`.
 *
 *   dist/functions   the entries of functions/, each with all that it needs but for what is external
 *   dist/cli         the `cortado` command of the installed package, and what authors import, whose dependencies npm installs beside it
 *   dist/types       the types of what authors import
 */
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { report } from "./build-report.ts";

const root = path.resolve(import.meta.dirname, "..");

const common = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22",
  mainFields: ["module", "main"],
  // What is imported lazily is loaded when it is needed, so it has to be a file of its own.
  splitting: true,
  sourcemap: "linked",
  sourcesContent: false,
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

/** Run in threads and processes of their own, so they are entries of both. */
const threads = ["functions/node-worker.ts", "src/state/embedded-thread.ts", "src/playbooks/inspect-entry.ts"];

/** Bundles functions/ into a folder. What is external must be installed there if it is used: esbuild for playbooks in TypeScript, dynalite for the embedded database. */
export async function buildFunctions(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    entryPoints: flat(["functions/node.ts", ...threads]),
    outdir,
    minify: true,
    external: ["esbuild", "dynalite"],
    // CommonJS dependencies call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as cortadoRequire } from "node:module"; const require = cortadoRequire(import.meta.url);',
    },
    plugins: [besides],
  });
  return metafile;
}

/** What authors import: `cortado` and `cortado/testing`. */
const imported = ["src/index.ts", "src/testing.ts"];

/** Bundles the command into a folder, with what authors import beside it. */
export async function buildCommand(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    entryPoints: flat(["src/cli/cortado.ts", "src/dev/loop-thread.ts", ...imported, ...threads]),
    outdir,
    packages: "external",
    plugins: [besides],
  });
  await cp(path.join(root, "src/dev/objects"), path.join(outdir, "objects"), { recursive: true });
  return metafile;
}

/** Writes the declarations of what authors import into a folder. */
export async function buildTypes(outdir: string): Promise<void> {
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const project = path.join(root, "infra/tsconfig.types.json");
  await promisify(execFile)(process.execPath, [compiler, "-p", project, "--outDir", outdir], { cwd: root });
}

/** All beside each other, whatever folder their source is in. */
const flat = (entries: readonly string[]) =>
  entries.map((entry) => ({ in: entry, out: path.basename(entry, path.extname(entry)) }));

/**
 * What a module names by its URL is beside it when it is built: a module that a thread is started with is an entry of its own; a file of
 * a package, as a font, is copied.
 */
const besides: Plugin = {
  name: "besides",
  setup({ onLoad, initialOptions: { entryPoints, outdir = "." } }) {
    const entries = JSON.stringify(entryPoints);
    onLoad({ filter: /\/(?:src|functions)\/.*\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const assets = [...text.matchAll(asset)].map(([, name = ""]) => name);
      await Promise.all(assets.map((name) => copyAsset(name, outdir)));
      const contents = text
        .replaceAll(/new URL\("([^"]+)\.ts", import\.meta\.url\)/g, (_, module: string) => {
          const name = path.basename(module);
          if (!entries.includes(`"${name}"`))
            throw new Error(`${file} starts ${module}.ts, which is no entry of the build`);
          return `new URL("./${name}.js", import.meta.url)`;
        })
        .replaceAll(asset, (_, name: string) => `new URL("./${path.basename(name)}", import.meta.url)`);
      return { contents, loader: "ts" };
    });
  },
};

const asset = /import\.meta\.resolve\("([^"]+)"\)/g;

/** Its licence goes with it, where its package has one, and what NOTICE says of all of them. */
async function copyAsset(name: string, outdir: string): Promise<void> {
  const file = fileURLToPath(import.meta.resolve(name));
  const [folder = file] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
  const beside = (copy: string) => path.resolve(root, outdir, copy);
  await mkdir(beside("."), { recursive: true });
  await Promise.all([
    cp(file, beside(path.basename(file))),
    cp(path.join(root, "NOTICE"), beside("NOTICE")),
    cp(path.join(folder, "LICENSE"), beside(`${path.basename(folder)}.LICENSE`)).catch(unlessMissing),
  ]);
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

if (import.meta.main) {
  const dist = path.join(root, "dist");
  await rm(dist, { recursive: true, force: true });
  for (const [folder, make] of [
    ["functions", buildFunctions],
    ["cli", buildCommand],
  ] as const) {
    console.log(report(await make(path.join(dist, folder))));
  }
  await buildTypes(path.join(dist, "types"));
}
