/** What pushed repositories need, put together from settings: the store, and what is live as bundles on this machine. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { bring, type Fetched, fetchPushed } from "../bundles/fetch-pushed.ts";
import { createFolderStore } from "../bundles/folder-store.ts";
import type { BundleStore } from "../bundles/store.ts";
import { writeWhole } from "../bundles/write-whole.ts";
import { describeError, isCortadoError, type Problem } from "../errors.ts";
import type { Settings } from "../settings.ts";
import type { PushedRepositories, PushedRepository } from "../state/state.ts";

/** Where pushed bundles are kept. */
export async function openBundleStore({ store, dataDirectory }: Settings): Promise<BundleStore> {
  if (store?.kind !== "s3") return createFolderStore(store?.folder ?? path.join(dataDirectory, "store"));
  const { createS3Store } = await import("../bundles/s3-store.ts");
  const { kind: _, ...options } = store;
  return createS3Store(options);
}

/** Where bundles that can be loaded are, those that are compiled here too. */
export const bundlesDirOf = ({ dataDirectory }: Settings): string => path.join(dataDirectory, "bundles");

/** What is live of the pushed repositories, or is to be, as bundles on this machine. */
export async function openPushed(settings: Settings, pushed: Pick<PushedRepositories, "list">): Promise<Fetched> {
  const workDir = bundlesDirOf(settings);
  const { repositories, notices } =
    settings.pushed === undefined
      ? await listOrLast(pushed, path.join(workDir, "pushed.json"))
      : { repositories: settings.pushed, notices: [] };
  const fetched = await fetchPushed(repositories, { store: await openBundleStore(settings), workDir });
  return { ...fetched, notices: [...notices, ...fetched.notices] };
}

interface Listed {
  readonly repositories: readonly PushedRepository[];
  readonly notices: readonly Problem[];
}

/** As the table says; where it is away, as it said when it was last asked on this machine. */
async function listOrLast(pushed: Pick<PushedRepositories, "list">, file: string): Promise<Listed> {
  const last = await readFile(file, "utf8").catch(() => undefined);
  try {
    const repositories = await pushed.list();
    const text = JSON.stringify(repositories);
    if (text !== (last ?? "[]")) await writeWhole(file, text);
    return { repositories, notices: [] };
  } catch (error) {
    if (!isCortadoError(error)) throw error;
    const message = `What is pushed cannot be asked for, and is taken to be what it was: ${describeError(error)}`;
    return { repositories: JSON.parse(last ?? "[]"), notices: [{ at: "pushed", message }] };
  }
}

/** Between attempts at a bundle that could not be had, in milliseconds. */
const againAfter = 10_000;

/**
 * Tells which live versions are on this machine, and fetches those that are not, so that what loads them need not wait. What cannot be had is
 * tried again in a while.
 */
export function openReach(settings: Settings, store: BundleStore, now: () => number) {
  const options = { store, workDir: bundlesDirOf(settings) };
  const here = new Set<string>();
  const tried = new Map<string, number>();
  const isHere = async ({ name, live }: PushedRepository): Promise<boolean> => {
    if (live === undefined) return false;
    const id = `${name} ${live.sha256}`;
    if (!here.has(id) && now() - (tried.get(id) ?? 0) > againAfter) {
      tried.set(id, now());
      if ((await bring(name, live, options)) === undefined) here.add(id);
    }
    return here.has(id);
  };
  return async (repositories: readonly PushedRepository[]): Promise<readonly string[]> => {
    const found = await Promise.all(repositories.map(isHere));
    return repositories.filter((_, index) => found[index]).map(({ name }) => name);
  };
}
