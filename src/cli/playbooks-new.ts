import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { linkCortado } from "./link-cortado.ts";
import { packageFiles } from "./new-package.ts";

/** Writes a new package. Throws an Error where the name cannot be, or where there is something already. */
export async function newPackage(name: string, { dir = name }: { dir?: string }): Promise<void> {
  if (!/^[a-z0-9][a-z0-9._-]{0,100}$/.test(name)) {
    throw new Error(`${name} cannot name a package: use lower-case letters, digits, dashes, dots and underscores.`);
  }
  const folder = path.resolve(dir);
  if ((await readdir(folder).catch(() => [])).length > 0) {
    throw new Error(`There is something in ${folder} already; give another folder with --dir.`);
  }
  const files = Object.entries(packageFiles(name));
  for (const [file, text] of files) {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  await linkCortado(folder);
  const shown = path.relative(process.cwd(), folder) || ".";
  console.log(files.map(([file]) => path.join(shown, file)).join("\n"));
  console.log(`\nNow: cortado playbooks test ${shown}; with \`npm install\` in it, editors know its types too.`);
}
