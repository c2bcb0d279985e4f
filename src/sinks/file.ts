/** The file sink: one line of JSON for each finding. */
import { appendFile } from "node:fs/promises";
import * as z from "zod";
import { SinkError } from "../errors.ts";
import { toFindingJson } from "./finding-json.ts";
import type { Sink } from "./sink.ts";
import { sinkParamsShape } from "./sink-params.ts";
import { writeText } from "./write-text.ts";

export const fileParams = z.strictObject({
  ...sinkParamsShape,
  file_name: z.string().min(1).optional().describe("The file that lines are added to. Left out: the standard output."),
});

/** Appends to a file, or writes to `stdout` where none is named. */
export function createFileSink(params: z.output<typeof fileParams>, stdout: NodeJS.WritableStream): Sink {
  const { file_name: fileName } = params;
  return {
    name: params.name,
    type: "file_sink",
    async post(finding, context) {
      const line = `${JSON.stringify(toFindingJson(finding, context))}\n`;
      if (fileName === undefined) await writeText(stdout, line);
      else await append(fileName, line);
      return {};
    },
  };
}

/** One write in append mode, so that lines of several processes do not mix. */
async function append(fileName: string, line: string): Promise<void> {
  try {
    await appendFile(fileName, line);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const cure = permanent.has(code) ? "; correct `file_name` or its permissions" : "";
    throw new SinkError(`The file ${fileName} cannot be written: ${code}${cure}`, { retryable: !permanent.has(code) });
  }
}

const permanent = new Set(["EACCES", "EISDIR", "ENOENT", "ENOTDIR", "EPERM", "EROFS", "ENAMETOOLONG"]);
