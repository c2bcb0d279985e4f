/** A package that has not installed what it needs yet gets it from the Cortado that runs. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { packageAround, packageNear } from "../bundles/installed.ts";

/**
 * Puts a package into `node_modules` that stands for this Cortado, where the folder cannot find one: for its tests and for editors. It is
 * no link, so that `npm install`, which takes it away again, touches nothing of ours; nor does it write it into a lockfile, as packages name
 * Cortado as an optional peer.
 */
export async function linkCortado(folder: string): Promise<void> {
  if ((await packageNear("cortado", folder)) !== undefined) return;
  const own = await packageAround(import.meta.dirname);
  if (own === undefined) return;
  const place = path.join(folder, "node_modules/cortado");
  await mkdir(place, { recursive: true });
  const { name, version } = packageJson;
  const exports = { ".": "./index.js", "./testing": "./testing.js" };
  await writeFile(path.join(place, "package.json"), JSON.stringify({ name, version, type: "module", exports }));
  for (const module of ["index", "testing"]) {
    const { code, types } = filesOf(module);
    await writeFile(path.join(place, `${module}.js`), reexport(path.join(own, code)));
    await writeFile(path.join(place, `${module}.d.ts`), reexport(path.join(own, types)));
  }
}

const reexport = (file: string) => `export * from ${JSON.stringify(file)};\n`;

/** A checkout need not be built, or may have been built long ago. */
function filesOf(module: string): { readonly code: string; readonly types: string } {
  const source = `src/${module}.ts`;
  if (import.meta.filename.endsWith(".ts")) return { code: source, types: source };
  return { code: `dist/cli/${module}.js`, types: `dist/types/src/${module}.d.ts` };
}

/** Given to Node, finds zod where Cortado has it, for modules that find none. */
export function zodOfCortado(): string {
  const code = `
    import { registerHooks } from "node:module";
    registerHooks({
      resolve(specifier, context, next) {
        try {
          return next(specifier, context);
        } catch (error) {
          if (!/^zod(?:\\/|$)/.test(specifier)) throw error;
          return next(specifier, { ...context, parentURL: ${JSON.stringify(import.meta.url)} });
        }
      },
    });`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}
