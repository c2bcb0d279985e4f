import { describe, expect, it } from "vitest";
import { startLossyProxy } from "../helpers/lossy-proxy.ts";
import type { Bench } from "./state.ts";

export function tableConformance(bench: Bench): void {
  describe("its requests", () => {
    it("keep every type of value, and numbers of any length exactly", async () => {
      const { table } = bench.process();
      const item = {
        pk: bench.unique(),
        sk: "-",
        owner: "a reserved name",
        text: "grüße",
        empty: "",
        number: 1.5,
        large: 12345678901234567890123456789012345678n,
        flag: false,
        bytes: new Uint8Array([0, 255]),
      };
      expect(await table.put(item)).toBe(true);
      expect(await table.get(item)).toEqual(item);
    });

    it("compare numbers beyond what JavaScript can tell apart", async () => {
      const { table } = bench.process();
      const key = { pk: bench.unique(), sk: "last" };
      const write = (version: bigint) =>
        table.put(
          { ...key, version },
          { condition: "attribute_not_exists(#version) OR #version < :version", values: { version } },
        );
      expect(await write(9007199254740992n)).toBe(true);
      expect(await write(9007199254740993n)).toBe(true);
      expect(await write(9007199254740992n)).toBe(false);
    });

    it("say whether a condition held", async () => {
      const { table } = bench.process();
      const key = { pk: bench.unique(), sk: "-" };
      const create = { update: "SET #state = :a", condition: "attribute_not_exists(#state)", values: { a: "a" } };
      expect(await table.update(key, create)).toEqual({ ok: true, item: { ...key, state: "a" } });
      expect((await table.update(key, create)).ok).toBe(false);
      expect(await table.delete(key, { condition: "#state = :b", values: { b: "b" } })).toBe(false);
      expect(await table.delete(key)).toBe(true);
      expect(await table.get(key)).toBeUndefined();
    });

    it("write and read hundreds of items, in the order that was asked for, with repeated and missing keys", async () => {
      const { table } = bench.process();
      const pk = bench.unique();
      const keys = Array.from({ length: 230 }, (_, index) => ({ pk, sk: String(index).padStart(3, "0") }));
      await table.batchPut(keys.map((key, index) => ({ ...key, index })));
      const asked = [...keys.toReversed(), { pk, sk: "missing" }, ...keys.slice(0, 1)];
      const found = await table.batchGet(asked);
      const indices = [...keys.keys()].reverse();
      expect(found.map((item) => item?.index)).toEqual([...indices, undefined, 0]);
      expect(await table.count(pk)).toBe(230);
    });

    it("ask again for what did not fit into the answer of a batch, at most 16 MB", async () => {
      const { table } = bench.process();
      const pk = bench.unique();
      const keys = Array.from({ length: 48 }, (_, index) => ({ pk, sk: String(index) }));
      const bytes = new Uint8Array(350 * 1024);
      for (const key of keys) await table.put({ ...key, bytes });
      const before = table.requests();
      const found = await table.batchGet(keys);
      expect(found.map((item) => item?.sk)).toEqual(keys.map(({ sk }) => sk));
      expect(table.requests() - before).toBeGreaterThan(1);
    });

    it("list a partition page by page, in both directions", async () => {
      const { table } = bench.process();
      const pk = bench.unique();
      await table.batchPut(["a", "b", "c", "d"].map((sk) => ({ pk, sk })));
      const first = await table.query({ pk, limit: 3, where: "#sk < :end", values: { end: "d" } });
      expect(first.items.map(({ sk }) => sk)).toEqual(["a", "b", "c"]);
      const last = await table.query({ pk, limit: 2, descending: true, after: "d" });
      expect(last.items.map(({ sk }) => sk)).toEqual(["c", "b"]);
      const rest = await table.query({ pk, limit: 2, descending: true, after: last.next });
      expect(rest.items.map(({ sk }) => sk)).toEqual(["a"]);
    });

    it("hide an expired item that is still there from all that read", async () => {
      const { table, clock } = bench.process();
      const key = { pk: bench.unique(), sk: "-" };
      await table.put({ ...key, ttl: Math.floor(clock.now() / 1000) + 60 });
      expect(await table.get(key)).toBeDefined();
      clock.advance(60_000);
      expect(await table.get(key)).toBeUndefined();
      expect(await table.batchGet([key])).toEqual([undefined]);
      expect((await table.query({ pk: key.pk, limit: 5 })).items).toEqual([]);
      expect(await table.count(key.pk)).toBe(1);
    });

    it("are counted", async () => {
      const { table } = bench.process();
      const pk = bench.unique();
      await table.batchGet(Array.from({ length: 101 }, (_, index) => ({ pk, sk: String(index) })));
      await table.get({ pk, sk: "0" });
      expect(table.requests()).toBe(3);
    });

    it("fail as unavailable, without a word of the credentials", async () => {
      const proxy = await startLossyProxy(bench.upstream());
      proxy.refuse(true);
      const table = bench.at(proxy.endpoint);
      const failure = await table.get({ pk: "a", sk: "-" }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: "UnavailableError", retryable: true, status: 503 });
      expect(String(failure)).toMatch(/cannot be used \(ECONNRESET\)/);
      expect(JSON.stringify(failure) + String(failure)).not.toMatch(/secret|accessKey|test\/|Signature/i);
      await proxy.close();
    });
  });
}
