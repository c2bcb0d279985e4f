import { readFile } from "node:fs/promises";
import { ConfigurationError, describeError } from "../errors.ts";

/** The text of a configuration's file. Throws a ConfigurationError. */
export async function readConfiguration(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = describeError(error);
    const message = `The configuration cannot be read: ${reason}. Name it with --config, or CORTADO_CONFIG.`;
    throw new ConfigurationError([{ at: file, message }], { cause: error });
  }
}
