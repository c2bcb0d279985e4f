/**
 * Alertmanager's fingerprint of a label set: FNV-1a, 64 bit, over each name and value in the order of the names, each followed by 0xFF.
 * https://github.com/prometheus/common/blob/main/model/signature.go
 */

const offsetBasis = 14695981039346656037n;
const prime = 1099511628211n;
const separator = 0xff;

export const isFingerprint = (text: string | undefined): text is string =>
  text !== undefined && /^[0-9a-f]{16}$/.test(text);

/** 16 lower-case hex digits. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  let hash = offsetBasis;
  const add = (byte: number) => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  };
  // Go sorts by bytes, and so does comparing the UTF-8.
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    for (const text of [name, labels[name] ?? ""]) {
      for (const byte of Buffer.from(text)) add(byte);
      add(separator);
    }
  }
  return hash.toString(16).padStart(16, "0");
}
