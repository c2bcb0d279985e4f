/** JSON lines on the standard output, scrubbed of every secret that the configuration has resolved. */
import { type DestinationStream, destination, pino } from "pino";
import type { Scrubber } from "./tools/scrub.ts";

/** Fields are plain data; a line is one JSON object. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  readonly scrubber: Pick<Scrubber, "scrub">;
  /** Default: file descriptor 1, written at once. */
  readonly stream?: DestinationStream;
}

export function createLogger({ level, scrubber, stream }: LogOptions): Logger {
  const out = stream ?? destination({ fd: 1, sync: true });
  const scrubbed: DestinationStream = { write: (line) => out.write(scrubber.scrub(line)) };
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (name) => ({ level: name }) } },
    scrubbed,
  );
  return {
    debug: (message, fields = {}) => log.debug(fields, message),
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
  };
}
