/** A package that has not installed what it needs yet borrows it from the Cortado that runs. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { packageAround, packageNear } from "../bundles/installed.ts";

/** Links into `node_modules` what the folder cannot find, where Cortado has it; returns the names. `npm install` replaces the links. */
export async function borrow(folder: string): Promise<string[]> {
  const borrowed: string[] = [];
  for (const name of ["cortado", "zod", "typescript", "@types/node"]) {
    if ((await packageNear(name, folder)) !== undefined) continue;
    const here = import.meta.dirname;
    const ours = name === "cortado" ? await packageAround(here) : await packageNear(name, here);
    if (ours === undefined) continue;
    const place = path.join(folder, "node_modules", name);
    await mkdir(path.dirname(place), { recursive: true });
    if (name === "cortado" && import.meta.filename.endsWith(".ts")) await standIn(place, ours);
    else await symlink(ours, place, "junction");
    borrowed.push(name);
  }
  return borrowed;
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
