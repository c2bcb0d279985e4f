/** Cutting text to a size without breaking a character. */

/** The longest beginning of a text of at most `maxLength` UTF-16 units that ends between two characters. */
export function headOf(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const end = isHighSurrogate(text.charCodeAt(maxLength - 1)) ? maxLength - 1 : maxLength;
  return text.slice(0, Math.max(0, end));
}

/** As `headOf`, with `…` at the end where something was cut. */
export const ellipsis = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : `${headOf(text, maxLength - 1)}…`;

/** The longest beginning of at most `maxBytes` bytes of UTF-8, with `mark` at its end where something was cut. */
export function headOfBytes(text: string, maxBytes: number, mark = ""): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const room = maxBytes - Buffer.byteLength(mark);
  if (room < 0) return "";
  return bytes.subarray(0, characterStart(bytes, room)).toString() + mark;
}

/** The end of a log of at most `maxBytes` bytes: whole lines, or the end of the last one where that alone is longer. */
export function tailOfBytes(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length <= maxBytes) return bytes;
  const start = bytes.length - maxBytes;
  const lineBreak = bytes.indexOf(0x0a, start - 1);
  const wholeLines = lineBreak !== -1 && lineBreak < bytes.length - 1;
  if (wholeLines) return bytes.subarray(lineBreak + 1);
  let first = start;
  while (first < bytes.length && isContinuation(bytes[first])) first += 1;
  return bytes.subarray(first);
}

function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && isContinuation(bytes[start])) start -= 1;
  return start;
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
const isHighSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
