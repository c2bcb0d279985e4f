/** What serves is swapped while it works: real threads, and the queue over a real table. */
import { Hono } from "hono";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Delivery } from "../../src/delivery.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { createLocalQueue } from "../../src/queue/local.ts";
import { createSuspects } from "../../src/queue/quarantine.ts";
import { startWorkerPool } from "../../src/queue/worker-pool.ts";
import { createServing, type ReloadResult, type Serving } from "../../src/server/serving.ts";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { createQueueStore } from "../../src/state/queue-store.ts";
import { createTable } from "../../src/state/table.ts";
import { manualLog } from "../helpers/manual-log.ts";
import { poolDelivery, poolSettings } from "../queue/pool-deliveries.ts";

interface World {
  readonly serving: Serving;
  readonly results: readonly ReloadResult[];
  /** What is configured: the name of the generation, or `bad`. */
  configure(configuration: string): void;
}

async function start(admit: () => void = () => undefined): Promise<World> {
  const { log } = manualLog();
  const suspects = createSuspects();
  const results: ReloadResult[] = [];
  let configuration = "generation-0";
  const serving = createServing({
    load: (signal) =>
      startWorkerPool({
        entry: new URL("../queue/pool-worker.ts", import.meta.url),
        settings: poolSettings(configuration),
        threads: 1,
        onTrace: () => undefined,
        onWake: () => undefined,
        onSources: () => undefined,
        onInterrupted: async () => undefined,
        suspects,
        signal,
        log,
      }),
    admit,
    handlersOf: ({ generation }) => {
      const app = new Hono().get("/", (c) => c.text(generation));
      return { app, admin: app };
    },
    onReload: (result) => results.push(result),
    log,
    now: Date.now,
  });
  const configure = (next: string) => {
    configuration = next;
  };
  await serving.start();
  onTestFinished(() => serving.close());
  return { serving, results, configure };
}

const ask = async ({ serving }: World) => await (await serving.app(new Request("http://cortado/"))).text();

it("answers and works with the one that serves now, and finishes with the one that began", async () => {
  const world = await start();
  expect(await ask(world)).toBe("generation-0");
  const begun = world.serving.work(poolDelivery("slow"));
  world.configure("generation-1");
  expect(await world.serving.reload("a test")).toEqual({ ok: true, generation: "generation-1" });
  expect(await ask(world)).toBe("generation-1");
  expect(world.serving.capacity()).toBe(8 + 1);
  expect(await world.serving.work(poolDelivery("which"))).toMatchObject({ reason: "generation-1" });
  expect(await begun).toMatchObject({ reason: "slow" });
  expect(await world.serving.reload("again")).toEqual({ ok: true, generation: "generation-1" });
  expect(world.results).toEqual(["replaced", "unchanged"]);
});

it("keeps what serves where what is configured does not load, or may not be served", async () => {
  let open = false;
  const world = await start(() => {
    if (open) throw new ConfigurationError([{ at: "--host", message: "anybody could" }]);
  });
  world.configure("bad");
  const problems = [
    { at: "a:1", message: "one" },
    { at: "a:2", message: "two" },
  ];
  expect(await world.serving.reload("a test")).toEqual({ ok: false, problems });
  expect(world.serving.refusal).toMatchObject({ problems });
  open = true;
  world.configure("generation-1");
  expect(await world.serving.reload("a test")).toMatchObject({ ok: false, problems: [{ at: "--host" }] });
  expect(await ask(world)).toBe("generation-0");
  open = false;
  world.configure("generation-0");
  expect(await world.serving.reload("mended")).toMatchObject({ ok: true });
  expect(world.serving.refusal).toBeUndefined();
  expect(world.results).toEqual(["refused", "refused", "unchanged"]);
});

it("gives up a reload under way when it is closed, and refuses the next", async () => {
  const world = await start();
  world.configure("waits");
  const reloading = world.serving.reload("a test");
  await world.serving.close();
  expect(await reloading).toMatchObject({ ok: false, problems: [{ message: "This server is shutting down." }] });
  expect(await world.serving.reload("late")).toMatchObject({ ok: false });
});

it("loses nothing over thirty swaps", async () => {
  const database = await startEmbeddedDatabase();
  onTestFinished(() => database.close());
  const options = { tableName: "swaps", socketPath: database.socketPath };
  await createTableIfMissing(options);
  const store = createQueueStore<Delivery>({ table: createTable(options) });
  const world = await start();
  const { serving } = world;
  const begun: string[] = [];
  const ended = new Map<string, string>();
  const queue = createLocalQueue({
    store,
    async work(delivery) {
      begun.push(delivery.id);
      const outcome = await serving.work(delivery);
      ended.set(delivery.id, outcome.state === "later" ? outcome.reason : "");
      return { state: "done" };
    },
    capacity: serving.capacity,
    log: manualLog().log,
    now: Date.now,
  });
  queue.start();
  onTestFinished(() => queue.drain());
  const put: string[] = [];
  const swaps = 30;
  for (let swap = 1; swap <= swaps; swap += 1) {
    const batch = Array.from({ length: 5 }, (_, index) => poolDelivery("which", `${swap}-${index}`));
    put.push(...batch.map(({ id }) => id));
    world.configure(`generation-${swap}`);
    const [reloaded] = await Promise.all([serving.reload("a test"), queue.put(batch)]);
    expect(reloaded).toEqual({ ok: true, generation: `generation-${swap}` });
  }
  await vi.waitFor(async () => expect(await store.count()).toBe(0), { timeout: 20_000, interval: 20 });
  // The queue may hand out an entry again that it has read before it was deleted; that it counts once is the ledger's part.
  expect([...new Set(begun)].sort()).toEqual(put.toSorted());
  expect([...ended.keys()].sort()).toEqual(put.toSorted());
  expect(new Set(ended.values()).size).toBeGreaterThan(swaps / 2);
});
