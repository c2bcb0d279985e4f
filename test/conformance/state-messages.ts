import { describe, expect, it } from "vitest";
import { createMessages } from "../../src/state/messages.ts";
import { startLossyProxy } from "../helpers/lossy-proxy.ts";
import type { Bench } from "./state.ts";

const ADDRESS = { channel: "C1", ts: "1700000000.000100" };

export function messagesConformance(bench: Bench): void {
  const start = () => {
    const { table, clock } = bench.process();
    const key = { cluster: bench.unique(), key: "alert#a", episode: "01E", sink: "slack #1", part: "default" };
    return { clock, key, messages: createMessages({ table, clock }) };
  };

  describe("messages", () => {
    it("are reserved by one of many, and then found", async () => {
      const { key, messages } = start();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => messages.reserve(key, `worker-${index}`)),
      );
      expect(answers.filter((answer) => answer === "reserved")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "busy")).toHaveLength(19);
      await messages.posted(key, `worker-${answers.indexOf("reserved")}`, ADDRESS);
      const found = { key, state: "posted", reference: ADDRESS };
      expect(await messages.reserve(key, "late")).toEqual(found);
      expect(await messages.list(key, key.episode)).toEqual([found]);
    });

    it("are tried again, as of unknown outcome, by the next one after 30 s and a margin for clocks", async () => {
      const { key, messages, clock } = start();
      expect(await messages.reserve(key, "dead")).toBe("reserved");
      clock.advance(35_000 - 1);
      expect(await messages.reserve(key, "next")).toBe("busy");
      clock.advance(1);
      expect(await messages.reserve(key, "next")).toBe("retry");
      expect(await messages.reserve(key, "third")).toBe("busy");
      await expect(messages.posted(key, "dead", ADDRESS)).rejects.toMatchObject({ name: "LeaseLostError" });
      await messages.abandon(key, "dead");
      expect(await messages.reserve(key, "third")).toBe("busy");
    });

    it("are tried again at once by the one who had reserved them", async () => {
      const { key, messages } = start();
      expect(await messages.reserve(key, "same run")).toBe("reserved");
      expect(await messages.reserve(key, "same run")).toBe("retry");
    });

    it("are free again when nothing was posted", async () => {
      const { key, messages } = start();
      await messages.reserve(key, "refused");
      await messages.abandon(key, "refused");
      expect(await messages.reserve(key, "next")).toBe("reserved");
      await messages.posted(key, "next", ADDRESS);
      await messages.abandon(key, "next");
      expect(await messages.reserve(key, "third")).toMatchObject({ state: "posted" });
    });

    it("are reserved once when the answer was lost", async () => {
      const { key } = start();
      const proxy = await startLossyProxy(bench.upstream());
      const messages = createMessages({ table: bench.at(proxy.endpoint) });
      proxy.loseNextAnswer();
      expect(await messages.reserve(key, "worker")).toBe("reserved");
      expect(proxy.lost()).toBe(1);
      await proxy.close();
    });

    it("of one episode are listed with their sinks and parts, and those of others are not", async () => {
      const { key, messages } = start();
      const parts = [key, { ...key, part: "an#aggregation/key#1" }, { ...key, sink: "console" }];
      for (const one of [...parts, { ...key, episode: "01F" }, { ...key, episode: "01" }]) {
        await messages.reserve(one, "worker");
      }
      const listed = await messages.list(key, key.episode);
      expect(listed.map((message) => message.key)).toEqual(expect.arrayContaining(parts));
      expect(listed).toHaveLength(3);
      expect(listed[0]?.state).toBe("posting");
    });

    it("that are ignored are known to be, and may be reserved all the same", async () => {
      const { key, messages } = start();
      expect(await messages.ignore(key)).toBe(true);
      expect(await messages.ignore(key)).toBe(true);
      expect(await messages.list(key, key.episode)).toEqual([{ key, state: "ignored" }]);
      expect(await messages.reserve(key, "next")).toBe("reserved");
      expect(await messages.ignore(key)).toBe(false);
      await messages.posted(key, "next", ADDRESS);
      expect(await messages.ignore(key)).toBe(false);
      expect(await messages.list(key, key.episode)).toEqual([{ key, state: "posted", reference: ADDRESS }]);
    });

    it("may move to another address, and are forgotten after 30 days", async () => {
      const { key, messages, clock } = start();
      await messages.reserve(key, "first");
      await messages.posted(key, "first", ADDRESS);
      const moved = { ...ADDRESS, ts: "1700000000.000200" };
      await messages.posted(key, "resolver", moved);
      expect(await messages.list(key, key.episode)).toMatchObject([{ reference: moved }]);
      clock.advance(30 * 24 * 3600 * 1000 + 1000);
      expect(await messages.list(key, key.episode)).toEqual([]);
      expect(await messages.reserve(key, "next")).toBe("reserved");
      expect(await messages.list(key, key.episode)).toEqual([{ key, state: "posting" }]);
    });
  });
}
