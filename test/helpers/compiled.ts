/** The bytes of a bundle, as `cortado playbooks push` makes them. */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { compileForPush } from "../../src/bundles/compile-for-push.ts";
import * as cortado from "../../src/index.ts";
import { writeFolder } from "./write-folder.ts";

export async function compiledForPush(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: string }> {
  const host = { cortado, zod: z };
  const compiled = await compileForPush(writeFolder(files), { name, workDir: writeFolder({}), host });
  if (!("bundle" in compiled)) throw new Error(JSON.stringify(compiled.problems));
  return { bytes: new Uint8Array(await readFile(compiled.bundle.file)), sha256: compiled.bundle.sha256 };
}
