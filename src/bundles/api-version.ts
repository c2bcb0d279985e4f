import { apiMajor } from "./host.ts";

/** The major version of the API that a bundle was made for, as it names the host; this one's where it uses nothing of it. */
export function apiVersionOf(bytes: Uint8Array): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const [, version] = /Symbol\.for\("cortado\.host\.v(\d{1,6})"\)/.exec(text) ?? [];
  return version === undefined ? apiMajor : Number(version);
}
