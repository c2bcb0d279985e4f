/** Streams that end with an error where they hold more than they may. */
import { Transform } from "node:stream";
import { wrong } from "./sources.ts";

/** Passes on so many bytes and no more. */
export function limited(maximum: number, what: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      bytes += chunk.length;
      if (bytes > maximum) return done(tooLarge(what, maximum));
      return done(null, chunk);
    },
  });
}

export const tooLarge = (what: string, maximum: number) =>
  wrong(`${what} has more than ${Math.floor(maximum / 1024 / 1024)} MB; a repository of actions needs far less`);
