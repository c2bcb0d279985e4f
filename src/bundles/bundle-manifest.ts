/** What is known of a bundle without running it: plain data, in a file beside it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { apiMajor } from "./host.ts";

const permissionSchema = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});

const actionSchema = z.object({
  name: z.string(),
  description: z.string(),
  /** The name of its event class. */
  on: z.string(),
  effects: z.enum(["read", "change", "destroy"]),
  permissions: z.array(permissionSchema),
  /** The JSON Schema of what is written as its params. */
  params: z.record(z.string(), z.unknown()),
  override: z.boolean(),
  /** In seconds. */
  timeout: z.number(),
  retry: z.enum(["resume", "never"]),
  byHand: z.boolean(),
  /** Where it is defined, within the repository: `src/my-action.ts:4:25`. */
  at: z.string(),
});

const playbookSchema = z.object({ name: z.string(), triggers: z.array(z.string()), actions: z.array(z.string()) });

/** What the modules of a bundle export. */
export const factsSchema = z.object({ actions: z.array(actionSchema), playbooks: z.array(playbookSchema) });
export type BundleFacts = z.output<typeof factsSchema>;

const manifestSchema = factsSchema.extend({
  /** The major version of the API that it was made for. */
  api: z.number(),
  /** The version of Cortado that made it. */
  cortado: z.string(),
  /** The SHA-256 of the bundle, in hex. */
  bundle: z.string(),
  /** As package.json says, or the repository's folder. */
  package: z.object({ name: z.string(), version: z.string().optional() }),
});
export type BundleManifest = z.output<typeof manifestSchema>;

/** A manifest's file, and what it must hold. */
export interface ManifestFile {
  readonly file: string;
  /** Of the file's bytes, in hex. */
  readonly sha256: string;
}

/** The bytes of a manifest's file, and their hash. */
export function writeManifest(manifest: BundleManifest): { bytes: Uint8Array; sha256: string } {
  const bytes = Buffer.from(`${JSON.stringify(manifest)}\n`);
  return { bytes, sha256: sha256Of(bytes) };
}

/**
 * Throws an Error where the file is not what was written, or where the bundle is made for an API that this Cortado does not have.
 */
export async function readManifest({ file, sha256 }: ManifestFile): Promise<BundleManifest> {
  const bytes = await readFile(file);
  if (sha256Of(bytes) !== sha256) {
    throw new Error(`${file} is not what was written with its bundle: its hash differs. Remove it and start again.`);
  }
  const parsed: unknown = JSON.parse(bytes.toString("utf8"));
  const problem = apiProblem(parsed);
  if (problem !== undefined) throw new Error(`${problem} (${file})`);
  return manifestSchema.parse(parsed);
}

/** What an earlier inspection of the same bundle wrote; undefined where there is none that this Cortado can use. */
export async function knownManifest(
  file: string,
  { bundle, cortado }: Pick<BundleManifest, "bundle" | "cortado">,
): Promise<{ readonly manifest: BundleManifest; readonly sha256: string } | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const { data: manifest } = manifestSchema.safeParse(parseJson(bytes.toString("utf8")));
  if (manifest?.bundle !== bundle || manifest.cortado !== cortado || manifest.api !== apiMajor) return undefined;
  return { manifest, sha256: sha256Of(bytes) };
}

/** Why a bundle with this manifest cannot be loaded here; undefined where it can. */
export function apiProblem(manifest: unknown): string | undefined {
  const { data } = z.object({ api: z.number(), cortado: z.string().optional() }).safeParse(manifest);
  if (data === undefined) return "This is not the manifest of a bundle.";
  if (data.api === apiMajor) return undefined;
  const by = data.cortado === undefined ? "" : ` (by Cortado ${data.cortado})`;
  return `The bundle was made for version ${data.api} of Cortado's API${by}, and this Cortado has version ${apiMajor}; compile it again.`;
}

export const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
