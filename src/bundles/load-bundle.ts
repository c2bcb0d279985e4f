/** Imports a compiled bundle. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { type BundleManifest, readManifest, sha256Of } from "./bundle-manifest.ts";
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
 * the process ends. Throws an Error where the file or its manifest is not what was compiled, or was compiled for another major version of
 * the API, and whatever the modules throw.
 */
export async function loadBundle(
  bundle: Bundle,
  host: HostModules,
): Promise<{ readonly manifest: BundleManifest; readonly exports: readonly BundleExport[] }> {
  const manifest = await readManifest(bundle.manifest);
  if (manifest.bundle !== bundle.sha256) throw new Error(`${bundle.manifest.file} is the manifest of another bundle.`);
  return { manifest, exports: await importBundle(bundle, host) };
}

/** The same without its manifest. What it does as it is loaded is not known then. */
export async function importBundle(
  { file, sha256 }: Pick<Bundle, "file" | "sha256">,
  host: HostModules,
): Promise<BundleExport[]> {
  if (sha256Of(await readFile(file)) !== sha256) {
    throw new Error(`${file} is not what was compiled: its hash differs. Remove it and start again.`);
  }
  installHost(host);
  const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = await import(pathToFileURL(file).href);
  const seen = new Set<unknown>();
  return Object.entries(modules).flatMap(([module, exports]) =>
    Object.entries(exports).flatMap(([name, value]) => {
      if (seen.has(value)) return [];
      seen.add(value);
      return [{ module, name, value }];
    }),
  );
}
