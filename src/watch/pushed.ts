/** Watches which versions of pushed repositories are live: one request each time. */
import type { PushedRepositories, PushedRepository } from "../state/state.ts";
import { watchPolled } from "./polled.ts";
import type { Watcher } from "./watcher.ts";

const pauseMilliseconds = 600;

/**
 * `ready`: which of those that are live can be loaded. A version that comes within reach later than its pointer, as the store was away, moves
 * something too.
 */
export function watchPushed(
  pushed: Pick<PushedRepositories, "list">,
  ready: (repositories: readonly PushedRepository[]) => Promise<readonly string[]> = async () => [],
): Watcher {
  // What was loaded while the table was away may be what was pushed long before.
  let last = "unknown";
  const read = async () => {
    try {
      const repositories = await pushed.list();
      const live = repositories.map((repository) => [repository.name, repository.live?.sha256]);
      last = JSON.stringify([live, await ready(repositories)]);
    } catch {
      // It is asked again the next time.
    }
    return last;
  };
  return watchPolled({ what: "what is pushed", read, pauseMilliseconds });
}
