/** A package that has not installed what it needs yet borrows it from the Cortado that runs. */
import { mkdir, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Links into `node_modules` what the folder cannot find, where Cortado has it; returns the names. `npm install` replaces the links. */
export async function borrow(folder: string): Promise<string[]> {
  const borrowed: string[] = [];
  for (const name of ["cortado", "zod", "typescript", "@types/node"]) {
    if ((await installed(name, folder)) !== undefined) continue;
    const ours = name === "cortado" ? await ownPackage() : await installed(name, import.meta.dirname);
    if (ours === undefined) continue;
    const link = path.join(folder, "node_modules", name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(ours, link, "junction");
    borrowed.push(name);
  }
  return borrowed;
}

/** The folder of a package as Node finds it from another folder. */
async function installed(name: string, from: string): Promise<string | undefined> {
  for (const folder of upwards(from)) {
    const candidate = path.join(folder, "node_modules", name);
    if (await exists(path.join(candidate, "package.json"))) return candidate;
  }
  return undefined;
}

async function ownPackage(): Promise<string | undefined> {
  for (const folder of upwards(path.dirname(fileURLToPath(import.meta.url)))) {
    if (await exists(path.join(folder, "package.json"))) return folder;
  }
  return undefined;
}

function upwards(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );
