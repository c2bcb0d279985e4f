import type { Watch, Watcher } from "./watcher.ts";

export interface Watches {
  /** Watches these, by name, and no others. What is watched already goes on. */
  keep(watchers: ReadonlyMap<string, Watcher>): void;
  /** Resolves when what is there now is known: of that nothing is told any more. */
  catchUp(): Promise<void>;
  close(): void;
}

/** What is watched at a time, where that changes. */
export function createWatches(onMoved: (why: string) => void): Watches {
  const running = new Map<string, Watch>();
  const keep = (watchers: ReadonlyMap<string, Watcher>) => {
    for (const [name, watch] of running) {
      if (watchers.has(name)) continue;
      watch.close();
      running.delete(name);
    }
    for (const [name, watcher] of watchers) {
      if (!running.has(name)) running.set(name, watcher.start(onMoved));
    }
  };
  const catchUp = async () => {
    await Promise.all([...running.values()].map((watch) => watch.catchUp()));
  };
  return { keep, catchUp, close: () => keep(new Map()) };
}
