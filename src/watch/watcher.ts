/** The watcher port: something that a generation is made of may have moved. */

export interface Watcher {
  /** Looks from now on, and tells each time that it has moved, in words: `cortado.yaml changed`. */
  start(onMoved: (why: string) => void): Watch;
}

export interface Watch {
  /** Resolves when it knows what is there now: of that it tells nothing any more. */
  catchUp(): Promise<void>;
  close(): void;
}

/**
 * Does it again and again until it is closed, one at a time, and rests as many milliseconds in between as it says, or `pauseMilliseconds` where
 * it fails. Keeps no process.
 */
export function repeat(task: () => Promise<number>, pauseMilliseconds: number): Pick<Watch, "close"> {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const once = async () => {
    const pause = await task().catch(() => pauseMilliseconds);
    if (closed) return;
    timer = setTimeout(() => void once(), pause);
    timer.unref();
  };
  void once();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
