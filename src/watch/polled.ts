/** Watches what can only be asked: a pointer in the state table, a branch of a git repository. */
import { repeat, type Watcher } from "./watcher.ts";

export interface PolledOptions {
  /** What is asked, as people call it. */
  readonly what: string;
  /** Something that is different once it has moved. Where it rejects it is asked again the next time. */
  readonly read: () => Promise<string>;
  /** Between an answer and the next question. */
  readonly pauseMilliseconds: number;
}

/** The first answer is what it starts from. */
export function watchPolled({ what, read, pauseMilliseconds }: PolledOptions): Watcher {
  return {
    start(onMoved) {
      let last: string | undefined;
      const look = async (tell: (why: string) => void) => {
        const now = await read();
        const moved = last !== undefined && last !== now;
        last = now;
        if (moved) tell(`${what} moved`);
        return pauseMilliseconds;
      };
      const { close } = repeat(() => look(onMoved), pauseMilliseconds);
      const catchUp = async () => {
        await look(() => undefined).catch(() => undefined);
      };
      return { close, catchUp };
    },
  };
}
