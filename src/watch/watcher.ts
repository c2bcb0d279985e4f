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
 * Does it again and again until it is closed, one at a time, with so many milliseconds between an end and the next begin, or as many as it says
 * itself; what takes long gets a longer pause. Failures are left to the next time. Keeps no process.
 */
export function repeat(task: () => Promise<number | undefined>, pauseMilliseconds: number): Pick<Watch, "close"> {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const once = async () => {
    const began = performance.now();
    const wished = await task().catch(() => undefined);
    if (closed) return;
    const least = (performance.now() - began) * rest;
    timer = setTimeout(() => void once(), Math.max(wished ?? pauseMilliseconds, least));
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

/** Looking may take a tenth of the time, and no more. */
const rest = 9;
