import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import type { Problem } from "../errors.ts";
import { type BundleManifest, knownManifest, type ManifestFile, writeManifest } from "./bundle-manifest.ts";
import { apiMajor } from "./host.ts";
import { type Inspectable, type InspectionLimits, inspectBundle } from "./inspect.ts";
import { writeWhole } from "./write-whole.ts";

export interface ManifestOptions {
  /** As its package.json says. */
  readonly package: BundleManifest["package"];
  readonly limits?: InspectionLimits;
}

export type WithManifest =
  | {
      readonly manifest: BundleManifest;
      readonly file: ManifestFile;
      readonly problems: readonly [];
      readonly warnings: readonly Problem[];
    }
  | { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/** The manifest of a bundle, beside its file: what an earlier inspection has written there, or a new one writes. */
export async function withManifest(
  bundle: Inspectable,
  { package: of, limits }: ManifestOptions,
): Promise<WithManifest> {
  const cortado = packageJson.version;
  const file = path.join(path.dirname(bundle.file), `${bundle.sha256}.json`);
  const known = await knownManifest(file, { bundle: bundle.sha256, cortado });
  if (known) {
    return { manifest: known.manifest, file: { file, sha256: known.sha256 }, problems: [], warnings: [] };
  }
  const inspected = await inspectBundle(bundle, limits);
  if ("problems" in inspected) return inspected;
  const manifest: BundleManifest = { api: apiMajor, cortado, bundle: bundle.sha256, package: of, ...inspected.facts };
  const { bytes, sha256 } = writeManifest(manifest);
  await writeWhole(file, bytes);
  return { manifest, file: { file, sha256 }, problems: [], warnings: inspected.warnings };
}
