/** esbuild, for lazy import: it starts a process and is never on the way of a delivery. */
import { build as esbuild, stop } from "esbuild";

export type { Message, Plugin } from "esbuild";

let running = 0;

/**
 * Builds, and lets esbuild's process end with the last build under way: it would outlive the thread that started it, and nobody would take
 * note of its end.
 */
export const build: typeof esbuild = async (options) => {
  running += 1;
  try {
    return await esbuild(options);
  } finally {
    running -= 1;
    if (running === 0) await stop();
  }
};
