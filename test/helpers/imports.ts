/** What every module of ours imports, as it is when it runs: by value, lazily, or for its types alone. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

export const root = path.resolve(import.meta.dirname, "../..");

export interface Import {
  /** Relative to the root: `src/app.ts`. */
  readonly from: string;
  /** Relative to the root, or the name of a package: `zod`, `node:path`. */
  readonly to: string;
  readonly kind: "value" | "lazy" | "type";
}

const typeOnly = /^(?:import|export)\s+type\b[^;]*?\sfrom\s+"([^"]+)"/gm;

/** Every module, and every import between them and of packages. */
export async function readImports(): Promise<{ modules: readonly string[]; imports: readonly Import[] }> {
  const modules = globSync("{src,functions,infra}/**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".d.ts"));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: modules,
    outdir: "nowhere",
    write: false,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    metafile: true,
    logLevel: "silent",
  });
  const values = Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
    imports.map(({ path: to, kind }): Import => ({ from, to, kind: kind === "dynamic-import" ? "lazy" : "value" })),
  );
  return { modules, imports: [...values, ...modules.flatMap(typeImports)] };
}

/** esbuild does not see them: they are gone before anything runs. */
function typeImports(from: string): Import[] {
  const text = readFileSync(path.join(root, from), "utf8");
  return [...text.matchAll(typeOnly)].map(([, to = ""]) => ({
    from,
    to: to.startsWith(".") ? path.join(path.dirname(from), to) : to,
    kind: "type",
  }));
}

/** Everything that is loaded when the module is, itself included. */
export function loadedWith(module: string, imports: readonly Import[]): ReadonlySet<string> {
  const loaded = new Set([module]);
  for (const one of loaded) {
    for (const { from, to, kind } of imports) if (from === one && kind === "value") loaded.add(to);
  }
  return loaded;
}

/** The first circle of imports that is found: `a → b → a`. */
export function findCycle(imports: readonly Import[]): string | undefined {
  const next = Map.groupBy(
    imports.filter(({ kind }) => kind !== "type"),
    ({ from }) => from,
  );
  const done = new Set<string>();
  const visit = (module: string, way: readonly string[]): string | undefined => {
    if (way.includes(module)) return [...way.slice(way.indexOf(module)), module].join(" → ");
    if (done.has(module)) return undefined;
    for (const { to } of next.get(module) ?? []) {
      const cycle = visit(to, [...way, module]);
      if (cycle !== undefined) return cycle;
    }
    done.add(module);
    return undefined;
  };
  for (const module of next.keys()) {
    const cycle = visit(module, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
