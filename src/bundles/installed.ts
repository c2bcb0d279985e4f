/** Where packages are installed. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The folder of a package, as Node finds it from another folder. */
export async function packageNear(name: string, folder: string): Promise<string | undefined> {
  for (const one of upwards(folder)) {
    const home = join(one, "node_modules", name);
    if (await hasPackage(home)) return home;
  }
  return undefined;
}

/** The folder of the package that a folder is in. */
export async function packageAround(folder: string): Promise<string | undefined> {
  for (const one of upwards(folder)) if (await hasPackage(one)) return one;
  return undefined;
}

/** A folder and all above it, nearest first. */
export function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

const hasPackage = (folder: string) =>
  readFile(join(folder, "package.json")).then(
    () => true,
    () => false,
  );
