import { createLogger, type Logger } from "../../src/log.ts";

/** A log whose lines a test can read. */
export function manualLog(): { readonly log: Logger; readonly lines: () => readonly string[] } {
  const written: string[] = [];
  const log = createLogger({
    level: "debug",
    scrubber: { scrub: (line) => line },
    stream: { write: (line) => void written.push(line) },
  });
  return { log, lines: () => written };
}
