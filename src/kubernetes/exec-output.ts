/** What a command has written, up to a limit. */

/** Of both streams together. */
const limitBytes = 1024 * 1024;
const cutNote = `\n[cut: the output is longer than ${limitBytes / 1024 / 1024} MiB]\n`;
/** How much of it goes into an error. */
const describedCharacters = 2_000;

type Stream = "stdout" | "stderr";

export class ExecOutput {
  readonly #chunks: { readonly stream: Stream; readonly data: Buffer }[] = [];
  #bytes = 0;
  #cut = false;

  add(stream: Stream, data: Buffer): void {
    const room = limitBytes - this.#bytes;
    if (data.length > room) this.#cut = true;
    const kept = data.subarray(0, room);
    if (kept.length > 0) this.#chunks.push({ stream, data: kept });
    this.#bytes += kept.length;
  }

  result(): { readonly stdout: string; readonly stderr: string; readonly output: string } {
    return { stdout: this.#text("stdout"), stderr: this.#text("stderr"), output: this.#text() };
  }

  /** For an error: the last of it. */
  describe(): string {
    const { output } = this.result();
    if (output === "") return "It had written nothing until then.";
    return `Its output until then: ${output.slice(-describedCharacters)}`;
  }

  /** Decoded as a whole, as a character may be split between two frames. */
  #text(stream?: Stream): string {
    const chunks = this.#chunks.filter((chunk) => stream === undefined || chunk.stream === stream);
    const text = Buffer.concat(chunks.map(({ data }) => data)).toString("utf8");
    return this.#cut ? `${text}${cutNote}` : text;
  }
}
