import type { Logger } from "../log.ts";

export interface LogEntry {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that is kept to be looked at. */
export function recordingLog(entries: LogEntry[]): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, fields: LogEntry["fields"] = {}) => {
      entries.push({ level, message, fields });
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
