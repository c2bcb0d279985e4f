/** Watches which versions of pushed repositories are live: one request each time. */
import type { PushedRepositories } from "../state/state.ts";
import { watchPolled } from "./polled.ts";
import type { Watcher } from "./watcher.ts";

const pauseMilliseconds = 600;

export function watchPushed(pushed: Pick<PushedRepositories, "list">): Watcher {
  const read = async () => {
    const live = (await pushed.list()).map(({ name, live }) => [name, live?.sha256]);
    return JSON.stringify(live);
  };
  return watchPolled({ what: "what is pushed", read, pauseMilliseconds });
}
