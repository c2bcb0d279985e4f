/** Writing to a stream of this process. */
import { SinkError } from "../errors.ts";

/** Resolves once the stream has taken the text. Throws a SinkError where it cannot. */
export function writeText(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(new SinkError(`The output cannot be written: ${error.message}`, { retryable: true }));
      else resolve();
    });
  });
}
