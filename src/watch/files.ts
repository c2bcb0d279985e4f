/**
 * Watches files and folders of sources by looking at them. No events of the file system: mounts of Kubernetes, networks and virtual machines
 * have none, or others.
 */
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { repeat, type Watcher } from "./watcher.ts";

const pauseMilliseconds = 200;
/** Whoever writes several files, or one in pieces, is waited for: what was seen has to be there still after so long. */
const settleMilliseconds = 50;
/** But not for ever. */
const maximumLooks = 20;

/** Looking at a large folder may take a fifth of the time, and no more. */
const pauseAfter = (began: number) => Math.max(pauseMilliseconds, 4 * (performance.now() - began));

/** What a path held when it was looked at. */
interface Seen {
  /** Changes with every write, and with every touch. */
  readonly stamp: string;
  /** Of what is in it. */
  readonly sha256: string;
}

/** Watches a file, or the sources in a folder. What is only touched, or replaced by its equal, has not moved. */
export function watchFiles(at: string): Watcher {
  return {
    start(onMoved) {
      let told: Seen | undefined;
      /** What is there now and has not been told, and for how many looks something has not. */
      let unsettled: Seen | undefined;
      let looks = 0;
      const know = (now: Seen) => {
        told = now;
        unsettled = undefined;
        looks = 0;
      };
      const look = async () => {
        const began = performance.now();
        if (unsettled === undefined && told?.stamp === (await stampOf(await filesOf(at)))) return pauseAfter(began);
        const now = await see(at);
        const moved = told !== undefined && told.sha256 !== now.sha256;
        if (moved && unsettled?.sha256 !== now.sha256 && looks < maximumLooks) {
          unsettled = now;
          looks += 1;
          return settleMilliseconds;
        }
        know(now);
        if (moved) onMoved(`${at} changed`);
        return pauseAfter(began);
      };
      const { close } = repeat(look, pauseMilliseconds);
      return { close, catchUp: async () => know(await see(at)) };
    },
  };
}

async function see(at: string): Promise<Seen> {
  const files = await filesOf(at);
  // Before what is in them: what is written meanwhile is then seen the next time.
  const stamp = await stampOf(files);
  const hash = createHash("sha256");
  for (const file of files) {
    const content = await readFile(file).catch(() => undefined);
    hash.update(JSON.stringify([file, content?.length])).update(content ?? "");
  }
  return { stamp, sha256: hash.digest("hex") };
}

async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    const found = await stat(file).catch(() => undefined);
    return [file, found?.ino, found?.size, found?.mtimeMs];
  });
  return JSON.stringify(await Promise.all(stamps));
}

/** The file itself, or the sources in the folder, in order. */
async function filesOf(at: string): Promise<readonly string[]> {
  const entries = await readdir(at, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [at];
  const watched = entries.filter(isWatched).sort((a, b) => (a.name < b.name ? -1 : 1));
  const within = watched.map(async (entry) => {
    const inside = path.join(at, entry.name);
    return entry.isDirectory() ? await filesOf(inside) : [inside];
  });
  return (await Promise.all(within)).flat();
}

/** Dependencies are what the lockfile says; names with a dot in front are an editor's, a tool's, or git's. */
const isWatched = (entry: Dirent) =>
  !entry.name.startsWith(".") && entry.name !== "node_modules" && (entry.isDirectory() || isSource(entry.name));

const isSource = (name: string) => /\.(?:[cm]?[jt]sx?|json)$|^(?:yarn\.lock|bun\.lock|pnpm-lock\.yaml)$/.test(name);
