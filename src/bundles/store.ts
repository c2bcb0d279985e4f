/** Where pushed bundles are kept: the port. Its implementations are beside it. */

export interface BundleStore {
  /** As people call it: `the folder /data/store`, `s3://bucket/prefix`. */
  readonly name: string;
  /** Keeps bytes under the SHA-256 that they have, in hex; what was there is replaced. Whoever reads sees the whole of it. */
  put(sha256: string, bytes: Uint8Array): Promise<void>;
  /** What is kept, unchecked: undefined where there is nothing. */
  get(sha256: string): Promise<Uint8Array | undefined>;
  /** Does nothing where there is nothing. */
  delete(sha256: string): Promise<void>;
  /** All that are kept, in no order. */
  list(): Promise<readonly string[]>;
}

const extension = ".mjs";

/** What a bundle is called in a store. */
export const fileNameOf = (sha256: string) => `${sha256}${extension}`;

/** Undefined for what is not a bundle's. */
export function sha256Of(fileName: string): string | undefined {
  return /^[0-9a-f]{64}\.mjs$/.test(fileName) ? fileName.slice(0, -extension.length) : undefined;
}
