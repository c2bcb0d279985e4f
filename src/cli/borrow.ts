/** A package that has not installed what it needs yet borrows it from the Cortado that runs. */
import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { packageAround, packageNear } from "../bundles/installed.ts";

/** Links into `node_modules` what the folder cannot find, where Cortado has it; returns the names. `npm install` replaces the links. */
export async function borrow(folder: string): Promise<string[]> {
  const borrowed: string[] = [];
  for (const name of ["cortado", "zod", "typescript", "@types/node"]) {
    if ((await packageNear(name, folder)) !== undefined) continue;
    const here = import.meta.dirname;
    const ours = name === "cortado" ? await packageAround(here) : await packageNear(name, here);
    if (ours === undefined) continue;
    const link = path.join(folder, "node_modules", name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(ours, link, "junction");
    borrowed.push(name);
  }
  return borrowed;
}
