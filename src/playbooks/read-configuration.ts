import { readFile } from "node:fs/promises";
import { ConfigurationError, describeError } from "../errors.ts";

/** The text of a configuration's file; of one that is `optional` and not there: none. Throws a ConfigurationError. */
export async function readConfiguration(file: string, { optional = false } = {}): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (optional && missing) return "";
    const reason = missing ? "there is no such file" : describeError(error);
    const message = `The configuration cannot be read: ${reason}. Name it with --config, or CORTADO_CONFIG.`;
    throw new ConfigurationError([{ at: file, message }], { cause: error });
  }
}
