/** Imports a compiled bundle. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Bundle } from "./compile.ts";
import { type HostModules, installHost } from "./host.ts";

/** One export of one module of a repository. */
export interface BundleExport {
  /** The module's path within the repository: `my-action.ts`. */
  readonly module: string;
  readonly name: string;
  readonly value: unknown;
}

/**
 * Every export of every entry module; what is exported twice comes once. A bundle is evaluated once per process, and Node keeps it until
 * the process ends. Throws an Error where the file is not what was compiled, and whatever the modules throw.
 */
export async function loadBundle(bundle: Bundle, host: HostModules): Promise<BundleExport[]> {
  const bytes = await readFile(bundle.file);
  if (createHash("sha256").update(bytes).digest("hex") !== bundle.sha256) {
    throw new Error(`${bundle.file} is not what was compiled: its hash differs. Remove it and start again.`);
  }
  installHost(host);
  const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = await import(
    pathToFileURL(bundle.file).href
  );
  const seen = new Set<unknown>();
  return Object.entries(modules).flatMap(([module, exports]) =>
    Object.entries(exports).flatMap(([name, value]) => {
      if (seen.has(value)) return [];
      seen.add(value);
      return [{ module, name, value }];
    }),
  );
}
