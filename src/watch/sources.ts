/** Which watchers a generation needs, by what it is made of. */
import { fileURLToPath } from "node:url";
import { hasMoved, pollMilliseconds } from "../bundles/sources/fetch.ts";
import type { RepositorySource, SourceOptions } from "../bundles/sources/sources.ts";
import { describeError } from "../errors.ts";
import type { Sources } from "../playbooks/manifest.ts";
import { watchFiles } from "./files.ts";
import { repeat, type Watcher } from "./watcher.ts";

export interface SourceWatchOptions extends Pick<SourceOptions, "workDir" | "env"> {
  /** Told each time that a repository has been asked whether it has moved, with the reason where that cannot be known. */
  readonly onAsked: (repository: string, away?: string) => void;
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

/** What it moves from is what was fetched last, so there is nothing to catch up with. */
function watchRepository(
  source: RepositorySource,
  pause: number,
  { onAsked, ...options }: SourceWatchOptions,
): Watcher {
  return {
    start(onMoved) {
      // It is being fetched now.
      let first = true;
      const look = async () => {
        if (first) {
          first = false;
          return pause;
        }
        try {
          const moved = await hasMoved(source, options);
          onAsked(source.name);
          if (moved) onMoved(`the repository ${source.name} moved`);
        } catch (error) {
          onAsked(source.name, describeError(error));
        }
        return pause;
      };
      return { ...repeat(look, pause), catchUp: async () => undefined };
    },
  };
}
