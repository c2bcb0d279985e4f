/** Which watchers a generation needs, by what it is made of. */
import { fileURLToPath } from "node:url";
import { movedTo, pollMilliseconds } from "../bundles/sources/fetch.ts";
import type { RepositorySource, SourceOptions } from "../bundles/sources/sources.ts";
import { describeError } from "../errors.ts";
import type { Sources } from "../playbooks/manifest.ts";
import { watchFiles } from "./files.ts";
import { repeat, type Watcher } from "./watcher.ts";

export interface SourceWatchOptions extends Pick<SourceOptions, "workDir" | "env"> {
  /** Told each time that a repository has been asked whether it has moved, with the reason where that cannot be known. */
  readonly onAsked: (repository: string, away?: string) => void;
  /** Told when it is asked no more. */
  readonly onEnded: (repository: string) => void;
}

/** By names that change with what is watched. */
export function watchersOf(
  { files, repositories }: Sources,
  options: SourceWatchOptions,
): ReadonlyMap<string, Watcher> {
  const local = repositories.filter(({ url }) => url.startsWith("file:")).map(({ url }) => fileURLToPath(url));
  const remote = repositories.flatMap((source): [string, Watcher][] => {
    const pause = pollMilliseconds(source);
    return pause === undefined ? [] : [[JSON.stringify(source), watchRepository(source, pause, options)]];
  });
  return new Map([...[...files, ...local].map((at): [string, Watcher] => [at, watchFiles(at)]), ...remote]);
}

/** Between two tries of a version that was refused. */
const longestMilliseconds = 15 * 60_000;

/** What it moves from is what was fetched last, so there is nothing to catch up with. */
function watchRepository(
  source: RepositorySource,
  pause: number,
  { onAsked, onEnded, ...options }: SourceWatchOptions,
): Watcher {
  const ask = async (): Promise<{ readonly later?: string | undefined; readonly away?: string }> => {
    try {
      return { later: await movedTo(source, options) };
    } catch (error) {
      return { away: describeError(error) };
    }
  };
  return {
    start(onMoved) {
      // It is being fetched now.
      let first = true;
      let ended = false;
      let told: string | undefined;
      let next = pause;
      const look = async () => {
        if (first) {
          first = false;
          return pause;
        }
        const { later, away } = await ask();
        if (ended) return pause;
        onAsked(source.name, away);
        // What was told and not taken is refused, and would be again: each try costs a fetch.
        next = later !== undefined && later === told ? Math.min(2 * next, Math.max(pause, longestMilliseconds)) : pause;
        told = later;
        if (later !== undefined) onMoved(`the repository ${source.name} moved`);
        return next;
      };
      const { close } = repeat(look, pause);
      return {
        catchUp: async () => undefined,
        close() {
          ended = true;
          close();
          onEnded(source.name);
        },
      };
    },
  };
}
