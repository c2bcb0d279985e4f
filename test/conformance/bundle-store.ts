/** What every bundle store must do. */
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BundleStore } from "../../src/bundles/store.ts";

export interface StoreBench {
  /** A store with nothing in it. */
  create(): BundleStore;
  /** One whose place cannot be used, and what its error says. */
  readonly broken: { readonly store: BundleStore; readonly message: RegExp };
  /** Puts something beside the bundles that is none. */
  litter(store: BundleStore): Promise<void>;
  close(): Promise<void>;
}

const bundle = (size: number) => {
  const bytes = new Uint8Array(randomBytes(size));
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
};

export function bundleStoreConformance(name: string, start: () => Promise<StoreBench>): void {
  describe(`bundles in ${name}`, () => {
    let bench: StoreBench;
    beforeAll(async () => {
      bench = await start();
    });
    afterAll(() => bench.close());

    it.each([0, 1, 5_000_000])("come back as they were put: %i bytes", async (size) => {
      const store = bench.create();
      const { bytes, sha256 } = bundle(size);
      await store.put(sha256, bytes);
      const found = await store.get(sha256);
      expect(found?.length).toBe(size);
      expect(Buffer.compare(found ?? Buffer.of(1), bytes)).toBe(0);
    });

    it("that were never put are not there, and are none to delete or list", async () => {
      const store = bench.create();
      const { sha256 } = bundle(10);
      expect(await store.get(sha256)).toBeUndefined();
      await store.delete(sha256);
      expect(await store.list()).toEqual([]);
    });

    it("are replaced by what is put again, as where they were damaged", async () => {
      const store = bench.create();
      const { bytes, sha256 } = bundle(1_000);
      await store.put(sha256, bytes.slice(1));
      await store.put(sha256, bytes);
      expect(await store.get(sha256)).toHaveLength(1_000);
      expect(await store.list()).toEqual([sha256]);
    });

    it("that were deleted are gone, and the others not", async () => {
      const store = bench.create();
      const [one, other] = [bundle(10), bundle(10)];
      for (const { sha256, bytes } of [one, other]) await store.put(sha256, bytes);
      await store.delete(one.sha256);
      expect(await store.get(one.sha256)).toBeUndefined();
      expect(await store.list()).toEqual([other.sha256]);
    });

    it("are all listed, with nothing else that lies there", async () => {
      const store = bench.create();
      const all = Array.from({ length: 12 }, () => bundle(10));
      for (const { sha256, bytes } of all) await store.put(sha256, bytes);
      await bench.litter(store);
      expect([...(await store.list())].sort()).toEqual(all.map(({ sha256 }) => sha256).sort());
    });

    it("may be put by several at once", async () => {
      const store = bench.create();
      const { bytes, sha256 } = bundle(100_000);
      await Promise.all(Array.from({ length: 5 }, () => store.put(sha256, bytes)));
      expect(await store.get(sha256)).toHaveLength(100_000);
    });

    it.each<[string, (store: BundleStore) => Promise<unknown>]>([
      ["put", (store) => store.put(bundle(1).sha256, bundle(1).bytes)],
      ["get", (store) => store.get(bundle(1).sha256)],
      ["delete", (store) => store.delete(bundle(1).sha256)],
      ["list", (store) => store.list()],
    ])("cannot be used where their place cannot: %s says so, and that trying again may help", async (_, use) => {
      const { store, message } = bench.broken;
      await expect(use(store)).rejects.toMatchObject({
        name: "UnavailableError",
        retryable: true,
        message: expect.stringMatching(message),
      });
    });
  });
}
