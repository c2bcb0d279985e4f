/** Takes secrets out of what is about to be written down. */

export interface Scrubber {
  /** Makes a value known as a secret. Values of fewer than four characters are left alone: they are in every text. */
  add(value: string): void;
  /** The text without the known secrets, as they are, within JSON, within a URL, or in base64. */
  scrub(text: string): string;
  /** Plain data without the known secrets, in its keys too. */
  scrubData<T>(data: T): T;
}

const leastLength = 4;
const replacement = "[secret]";

export function createScrubber(): Scrubber {
  const forms = new Set<string>();
  let longestFirst: readonly string[] | undefined;

  const scrub = (text: string) => {
    longestFirst ??= [...forms].sort((a, b) => b.length - a.length);
    let clean = text;
    for (const form of longestFirst) if (clean.includes(form)) clean = clean.replaceAll(form, replacement);
    return clean;
  };

  const scrubData = (data: unknown): unknown => {
    if (typeof data === "string") return scrub(data);
    if (Array.isArray(data)) return data.map(scrubData);
    if (!isPlainObject(data)) return data;
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [scrub(key), scrubData(value)]));
  };

  return {
    add(value) {
      if (value.length < leastLength) return;
      for (const form of formsOf(value)) forms.add(form);
      longestFirst = undefined;
    },
    scrub,
    scrubData: <T>(data: T) => scrubData(data) as T,
  };
}

function formsOf(value: string): string[] {
  const lines = value.split("\n").filter((line) => line.length >= 16);
  const forms = [value, value.trim(), ...(lines.length > 1 ? lines : [])].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURI(text.toWellFormed()),
    encodeURIComponent(text.toWellFormed()),
    new URLSearchParams({ "": text }).toString().slice(1),
    ...base64Forms(text),
  ]);
  return forms.filter((form) => form.length >= leastLength);
}

/**
 * A value within a longer text has one of three base64 forms, by where it begins in a group of three bytes. The first and last characters,
 * which depend on the neighbours, are left out.
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  if (bytes.length < 8) return [bytes.toString("base64"), bytes.toString("base64url")];
  return [0, 1, 2].flatMap((shift) => {
    const whole = bytes.subarray((3 - shift) % 3);
    const aligned = whole.subarray(0, whole.length - (whole.length % 3));
    return [aligned.toString("base64"), aligned.toString("base64url")];
  });
}

function isPlainObject(data: unknown): data is Record<string, unknown> {
  if (typeof data !== "object" || data === null) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}
