/** A package that has not installed what it needs yet gets it from the Cortado that runs. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { packageAround, packageNear } from "../bundles/installed.ts";

/**
 * Links Cortado into `node_modules` where the folder cannot find it, for its tests and for editors. `npm install` takes the link away, and
 * never writes it into a lockfile, as the package names Cortado as an optional peer.
 */
export async function linkCortado(folder: string): Promise<void> {
  if ((await packageNear("cortado", folder)) !== undefined) return;
  const own = await packageAround(import.meta.dirname);
  if (own === undefined) return;
  const place = path.join(folder, "node_modules/cortado");
  await mkdir(path.dirname(place), { recursive: true });
  if (import.meta.filename.endsWith(".ts")) await standIn(place, own);
  else await symlink(own, place, "junction");
}

/** A checkout need not be built, and then the package's exports are not there: a package that has its sources for them. */
async function standIn(place: string, checkout: string): Promise<void> {
  await mkdir(place);
  const { name, version } = packageJson;
  const exports = { ".": "./index.js", "./testing": "./testing.js" };
  await writeFile(path.join(place, "package.json"), JSON.stringify({ name, version, type: "module", exports }));
  for (const module of ["index", "testing"]) {
    const source = path.join(checkout, "src", `${module}.ts`);
    const text = `export * from ${JSON.stringify(source)};\n`;
    await writeFile(path.join(place, `${module}.js`), text);
    await writeFile(path.join(place, `${module}.d.ts`), text);
  }
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
