/** Pushed repositories as bundles on this machine: fetched from the store, checked by their hash, and kept. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describeError, isCortadoError, type Problem } from "../errors.ts";
import type { PushedRepository, PushedVersion } from "../state/state.ts";
import { sha256Of } from "./bundle-manifest.ts";
import type { Bundle } from "./compile.ts";
import { apiMajor } from "./host.ts";
import type { InspectionLimits } from "./inspect.ts";
import { type BundleStore, fileNameOf } from "./store.ts";
import { withManifest } from "./with-manifest.ts";
import { writeWhole } from "./write-whole.ts";

export interface FetchOptions {
  readonly store: BundleStore;
  /** Bundles are put into `<workDir>/<name>/<sha256>.mjs`. */
  readonly workDir: string;
  readonly limits?: InspectionLimits;
}

export interface Fetched {
  /** All that are live, also those that cannot be had. */
  readonly names: readonly string[];
  readonly bundles: readonly Bundle[];
  readonly problems: readonly Problem[];
  /** Where an earlier version stands in for the live one, and why. */
  readonly notices: readonly Problem[];
}

/**
 * Those that are live. Where the store is away, or has lost a bundle, the latest version before it that is on this machine stands in. Never
 * throws: what cannot be had is among the problems.
 */
export async function fetchPushed(repositories: readonly PushedRepository[], options: FetchOptions): Promise<Fetched> {
  const live = repositories.filter((repository) => repository.live !== undefined);
  const fetched = await Promise.all(live.map((repository) => fetchOne(repository, options)));
  return {
    names: live.map(({ name }) => name),
    bundles: fetched.flatMap(({ bundles }) => bundles),
    problems: fetched.flatMap(({ problems }) => problems),
    notices: fetched.flatMap(({ notices }) => notices),
  };
}

type FetchedOne = Omit<Fetched, "names">;

const nothing: FetchedOne = { bundles: [], problems: [], notices: [] };

async function fetchOne({ name, live, history }: PushedRepository, options: FetchOptions): Promise<FetchedOne> {
  if (live === undefined) return nothing;
  const wanted = await fetchVersion(name, live, options);
  if (!("away" in wanted)) return asFetched(wanted);
  const problem = { at: placeOf(name, live), message: wanted.away };
  for (const version of history) {
    if ((await onDisk(fileOf(name, version, options), version)) === undefined) continue;
    const earlier = await fetchVersion(name, version, options);
    if (!("bundle" in earlier)) continue;
    const message = `${wanted.away} ${placeOf(name, version)}, which is on this machine, stands in for it.`;
    return { bundles: [earlier.bundle], problems: [], notices: [{ at: problem.at, message }] };
  }
  return { ...nothing, problems: [problem] };
}

const asFetched = (version: Exclude<FetchedVersion, { away: string }>): FetchedOne =>
  "bundle" in version ? { ...nothing, bundles: [version.bundle] } : { ...nothing, problems: version.problems };

type FetchedVersion =
  | { readonly bundle: Bundle }
  /** It is no bundle that can be used. */
  | { readonly problems: readonly Problem[] }
  /** It cannot be had now, and why. */
  | { readonly away: string };

/** One version, with its manifest. */
async function fetchVersion(name: string, version: PushedVersion, options: FetchOptions): Promise<FetchedVersion> {
  const { sha256, apiVersion, packageVersion } = version;
  if (apiVersion !== apiMajor) {
    const message = `It was made for version ${apiVersion} of Cortado's API, and this Cortado has version ${apiMajor}; compile it again, and push it.`;
    return { problems: [{ at: placeOf(name, version), message }] };
  }
  const refusal = await bring(name, version, options);
  if (refusal !== undefined) return refusal;
  const file = fileOf(name, version, options);
  const of = { name, ...(packageVersion === undefined ? {} : { version: packageVersion }) };
  const { limits } = options;
  const found = await withManifest(
    { file, sha256, folder: pushedFolder(name) },
    { package: of, ...(limits === undefined ? {} : { limits }) },
  );
  if (!("manifest" in found)) return { problems: found.problems };
  return {
    bundle: { repository: name, url: pushedUrl(name), file, sha256, manifest: found.file, source: "pushed" },
  };
}

/** Brings the bytes of a version to this machine, unless they are here. Undefined where they are then. */
export async function bring(
  name: string,
  version: PushedVersion,
  options: FetchOptions,
): Promise<Exclude<FetchedVersion, { bundle: Bundle }> | undefined> {
  const { store } = options;
  const file = fileOf(name, version, options);
  if ((await onDisk(file, version)) !== undefined) return undefined;
  try {
    const bytes = await store.get(version.sha256);
    if (bytes === undefined) return { away: `${store.name} has no bundle ${version.sha256} any more.` };
    if (sha256Of(bytes) !== version.sha256) {
      return { problems: [{ at: placeOf(name, version), message: notWhatWasPushed(version, store) }] };
    }
    await writeWhole(file, bytes);
    return undefined;
  } catch (error) {
    return { away: isCortadoError(error) ? error.message : `${file} cannot be written: ${describeError(error)}.` };
  }
}

export const notWhatWasPushed = ({ sha256 }: PushedVersion, { name }: BundleStore) =>
  `The bundle ${sha256} in ${name} is not what was pushed: its hash differs. Push it again, and see who may write there.`;

/** Where the sources of a pushed repository are said to be: the same wherever it was compiled. */
export const pushedFolder = (name: string) => `/${name}`;
export const pushedUrl = (name: string) => pathToFileURL(pushedFolder(name)).href;

const fileOf = (name: string, { sha256 }: PushedVersion, { workDir }: FetchOptions) =>
  path.join(workDir, name, fileNameOf(sha256));

/** Undefined where it is not there, or is something else. */
async function onDisk(file: string, { sha256 }: PushedVersion): Promise<Uint8Array | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes !== undefined && sha256Of(bytes) === sha256 ? bytes : undefined;
}

/** `my-actions 0.1.0 (3f2a91c0)`: a version as people call it. */
export function placeOf(name: string, { packageVersion, sha256 }: PushedVersion): string {
  const version = packageVersion === undefined ? "" : ` ${packageVersion}`;
  return `${name}${version} (${sha256.slice(0, 8)})`;
}
