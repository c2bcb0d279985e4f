/** Tells of saves the moment they happen, by the events of the file system: for whoever edits files on the machine that they are on. */
import { type FSWatcher, statSync, watch } from "node:fs";
import path from "node:path";

/** Editors write a file in several steps. */
const settleMilliseconds = 25;

export interface Saves {
  /** These files and folders, and no others; what is not there is not watched. */
  keep(paths: readonly string[]): void;
  close(): void;
}

/** `onSave` is told what was saved, once for all that is saved at the same time. */
export function watchSaves(onSave: (file: string) => void): Saves {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const saved = (file: string) => {
    clearTimeout(timer);
    timer = setTimeout(onSave, settleMilliseconds, file);
  };
  return {
    keep(paths) {
      for (const [at, watcher] of watchers) {
        if (paths.includes(at)) continue;
        watcher.close();
        watchers.delete(at);
      }
      for (const at of paths) {
        if (watchers.has(at)) continue;
        const watcher = watchOne(at, saved);
        if (watcher !== undefined) watchers.set(at, watcher);
      }
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

/** What tools write: installed packages, compiled bundles, an editor's own files. */
const ofTools = /(?:^|[\\/])(?:\.|node_modules(?:[\\/]|$))|~$/;

function watchOne(at: string, saved: (file: string) => void): FSWatcher | undefined {
  const stat = statSync(at, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    return watch(at, { recursive: true }, (_, name) => {
      if (name !== null && !ofTools.test(name)) saved(path.join(at, name));
    });
  }
  const folder = path.dirname(at);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  // Of a file that is replaced by another one only its folder hears.
  return watch(folder, (_, name) => {
    if (name === path.basename(at)) saved(at);
  });
}
