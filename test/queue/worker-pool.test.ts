import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { InvocationDelivery } from "../../src/delivery.ts";
import { createSuspects, type Suspects } from "../../src/queue/quarantine.ts";
import { startWorkerPool } from "../../src/queue/worker-pool.ts";
import { manualLog } from "../helpers/manual-log.ts";
import { poolDelivery as delivery, poolSettings } from "./pool-deliveries.ts";

interface Options {
  readonly configuration?: string;
  readonly threads?: number;
  readonly maximumSilence?: number;
  readonly suspects?: Suspects;
  readonly signal?: AbortSignal;
}

async function start({
  configuration = "good",
  threads = 2,
  maximumSilence = 10_000,
  suspects = createSuspects(),
  signal = new AbortController().signal,
}: Options = {}) {
  const { log, lines } = manualLog();
  const interrupted: string[] = [];
  const pool = await startWorkerPool({
    entry: new URL("./pool-worker.ts", import.meta.url),
    settings: poolSettings(configuration),
    threads,
    maximumSilence,
    onTrace: () => undefined,
    onWake: () => undefined,
    onSources: () => undefined,
    suspects,
    signal,
    onInterrupted: async ({ id }) => void interrupted.push(id),
    log,
  });
  onTestFinished(() => pool.close());
  return { pool, lines, interrupted };
}

describe("worker threads", () => {
  it("work deliveries where there is the least to do", async () => {
    const { pool } = await start();
    await vi.waitFor(() => expect(pool.capacity()).toBe(16), { timeout: 10_000, interval: 5 });
    const outcomes = await Promise.all(["slow", "slow"].map((what, index) => pool.work(delivery(what, `${index}`))));
    expect(new Set(outcomes.map((outcome) => outcome.state === "later" && outcome.at)).size).toBe(2);
    expect(pool.manifest.generation).toBe("good");
  });

  it("do not start with a configuration that does not load, and every problem is told", async () => {
    await expect(start({ configuration: "bad" })).rejects.toMatchObject({
      name: "ConfigurationError",
      problems: [
        { at: "a:1", message: "one" },
        { at: "a:2", message: "two" },
      ],
    });
    await expect(start({ configuration: "broken" })).rejects.toThrow("no such file");
  });

  it.each([
    ["exit", "it exited with code 7"],
    ["throw", "out of nowhere"],
    ["block", "its event loop was blocked for 0.4 s"],
  ])("are replaced where one ends (%s), and what it had in work is told why", async (what, reason) => {
    const { pool, lines, interrupted } = await start({ threads: 1, maximumSilence: 400 });
    const beside = pool.work(delivery("forever", "beside"));
    const [guilty, innocent] = await Promise.allSettled([pool.work(delivery(what)), beside]);
    for (const result of [guilty, innocent]) {
      expect(result).toMatchObject({ status: "rejected", reason: { message: `the worker thread ended: ${reason}` } });
    }
    await vi.waitFor(() => expect(pool.capacity()).toBe(8), { timeout: 10_000, interval: 20 });
    expect(lines()).toContainEqual(expect.stringContaining("another takes its place"));
    expect(interrupted).toEqual([]);
    expect(await pool.work(delivery("quick"))).toMatchObject({ reason: "quick" });
  });

  it("work what was in work in one that ended alone, and say before that it was interrupted", async () => {
    const { pool, interrupted } = await start({ threads: 1 });
    const both = [delivery("exit"), delivery("slow")];
    await Promise.allSettled(both.map((one) => pool.work(one)));
    const again = await Promise.allSettled(both.map((one) => pool.work(one)));
    expect(again).toMatchObject([{ status: "rejected" }, { status: "fulfilled", value: { reason: "slow" } }]);
    expect(interrupted).toEqual(["exit", "slow"]);
  });

  it("do not start where what they load blocks them for ever, or once they are not needed any more", async () => {
    await expect(start({ configuration: "blocks", maximumSilence: 200 })).rejects.toThrow(
      "a worker thread did not start: its event loop was blocked for 0.2 s",
    );
    await expect(start({ configuration: "waits", signal: AbortSignal.timeout(20) })).rejects.toThrow(
      "a worker thread did not start: it is not needed any more",
    );
  });

  it("work alone what was in work in one of an earlier pool that ended, and replace none that leaves", async () => {
    const suspects = createSuspects();
    const before = await start({ threads: 1, suspects });
    const after = await start({ threads: 1, suspects });
    const guilty = delivery("later-exit");
    const lost = before.pool.work(guilty);
    const closed = before.pool.close();
    await expect(lost).rejects.toThrow("it exited with code 7");
    await closed;
    expect(before.lines()).toEqual([]);
    expect(before.pool.inWork()).toBe(0);
    await expect(after.pool.work(guilty)).rejects.toThrow("it exited with code 7");
    expect(after.interrupted).toEqual([guilty.id]);
    expect(after.pool.capacity()).toBe(8);
    expect(await after.pool.work(delivery("slow"))).toMatchObject({ reason: "slow" });
  });

  it("finish what they have in work before they end", async () => {
    const { pool } = await start({ threads: 1 });
    const slow = pool.work(delivery("slow"));
    await pool.close();
    expect(await slow).toMatchObject({ reason: "slow" });
  });
});

describe("an invocation is checked by a thread", () => {
  const invocation = (action: string): InvocationDelivery => ({
    kind: "invocation",
    id: "i",
    key: "invocation#i",
    cluster: "c",
    acceptedAt: 0,
    action,
    params: {},
    caller: "test",
  });

  it("which says what is wrong with it", async () => {
    const { pool } = await start({ threads: 1 });
    const problem = { path: "action", message: "There is no odd." };
    expect(await Promise.all(["fine", "odd"].map((action) => pool.check(invocation(action))))).toEqual([[], [problem]]);
  });

  it("and where that ends, the caller is to come again", async () => {
    const { pool } = await start({ threads: 1 });
    const again = { name: "UnavailableError", retryAfterSeconds: 2 };
    await expect(pool.check(invocation("exit"))).rejects.toMatchObject(again);
    await expect(pool.check(invocation("fine"))).rejects.toMatchObject(again);
  });
});
