import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LeaseLostError } from "../../src/errors.ts";
import { type ActionContext, action, ExecutionBaseEvent, markdown, PodEvent } from "../../src/index.ts";
import type { StepRecord } from "../../src/playbooks/run-record.ts";
import { prepareRun } from "./run-input.ts";

const never = new Promise<never>(() => {});
const say = (text: string) => [markdown(text)];

/** Actions, with what they did in `done`. */
function actions() {
  const done: string[] = [];
  const speaking = (name: string, effects: "read" | "change" | "destroy", retry: "resume" | "never" = "resume") =>
    action({
      name,
      on: ExecutionBaseEvent,
      effects,
      retry,
      run: (event) => {
        done.push(name);
        event.addEnrichment(say(`${name} spoke`));
      },
    });
  return {
    done,
    read: speaking("read", "read"),
    change: speaking("change", "change"),
    destroy: speaking("destroy", "destroy"),
    once: speaking("once", "change", "never"),
    throwing: action({
      name: "throwing",
      on: ExecutionBaseEvent,
      effects: "read",
      run: (event) => {
        event.addEnrichment(say("before"));
        throw new Error("it broke", { cause: new Error("of old age") });
      },
    }),
    stopping: action({ name: "stopping", on: ExecutionBaseEvent, run: (event) => event.stopProcessing() }),
  };
}

const finished = (name: string, state: StepRecord["state"], text?: string): StepRecord => ({
  action: name,
  state,
  milliseconds: 7,
  calls: [],
  ...(text === undefined ? {} : { contributions: [{ do: "enrich", blocks: say(text) }] }),
});

describe("a playbook", () => {
  it("runs its actions in order, and records each", async () => {
    const { read, change, done } = actions();
    const { run, texts, journals } = await prepareRun([read, change]);
    const steps = [
      { action: "read", state: "done" },
      { action: "change", state: "done", contributions: [{ do: "enrich", blocks: say("change spoke") }] },
    ];
    expect(await run()).toMatchObject({ state: "done", steps });
    expect(done).toEqual(["read", "change"]);
    expect(texts()).toEqual(["read spoke", "change spoke"]);
    // Before and after what changes something.
    expect(journals).toMatchObject([[{ state: "done" }, { action: "change", state: "started" }], steps]);
  });

  it("journals nothing of reads", async () => {
    const { read, throwing } = actions();
    const { run, journals } = await prepareRun([read, throwing]);
    expect((await run()).steps.map(({ contributions }) => contributions)).toEqual([undefined, undefined]);
    expect(journals).toEqual([]);
  });

  it("goes on after an action that throws, and the finding says so", async () => {
    const { throwing, read } = actions();
    const { run, texts, notes } = await prepareRun([throwing, read]);
    expect(await run()).toMatchObject({ state: "failed", steps: [{ state: "failed" }, { state: "done" }] });
    expect(texts()).toEqual(["before", "read spoke"]);
    expect(notes()).toEqual(["Action throwing failed: it broke (of old age)"]);
  });

  it("ends where an action stops the work on the event", async () => {
    const { stopping, read, done } = actions();
    const { run, findings } = await prepareRun([stopping, read]);
    expect((await run()).steps).toMatchObject([{ action: "stopping", state: "done" }]);
    expect({ done, findings: findings() }).toEqual({ done: [], findings: [] });
  });

  it("records which calls to the cluster each action made", async () => {
    const asking = action({
      name: "asking",
      on: PodEvent,
      effects: "read",
      run: async (event) => {
        await (await event.getPod())?.logs();
        await event.cluster.get("Node", "node-1");
      },
    });
    const { run } = await prepareRun([asking, actions().read]);
    expect((await run()).steps.map(({ calls }) => calls.map(({ resource, status }) => [resource, status]))).toEqual([
      [
        ["pods/log", 200],
        ["nodes", 404],
      ],
      [],
    ]);
  });

  it("tells an action that the rate limiter held back from one that had nothing to do", async () => {
    const limited = action({
      name: "limited",
      on: ExecutionBaseEvent,
      run: async (_event, _params, { rateLimiter }) => void (await rateLimiter.markAndTest("sync", "shop", 60)),
    });
    const { run } = await prepareRun([limited, limited]);
    const reason = "sync is limited to once in 60 s, and was done within that time";
    expect((await run()).steps).toMatchObject([{ state: "done" }, { state: "rate limited", reason }]);
  });

  it("reads secrets for params that name them, with the action's own cluster", async () => {
    const seen: unknown[] = [];
    const taking = action({ name: "taking", on: ExecutionBaseEvent, run: (_event, params) => void seen.push(params) });
    const { run, cluster } = await prepareRun([
      {
        action: taking,
        params: undefined,
        resolveParams: async (read) => ({
          token: await read("shop", "argo", "token"),
          none: await read("a", "b", "c"),
        }),
      },
    ]);
    cluster.put({ kind: "Secret", metadata: { name: "argo" }, data: { token: btoa("t0k3n") } });
    await run();
    expect(seen).toEqual([{ token: "t0k3n", none: undefined }]);
  });
});

describe("a run that is resumed", () => {
  const spoke = (name: string) => finished(name, "done", `${name} spoke before`);

  it.each<[string, readonly StepRecord[], { done: string[]; texts: string[] }]>([
    [
      "skips what is done and says it again, and repeats reads",
      [finished("read", "done"), spoke("change"), finished("destroy", "started")],
      { done: ["read", "destroy"], texts: ["read spoke", "change spoke before", "destroy spoke"] },
    ],
    [
      "begins again what it does not know the end of",
      [finished("read", "done"), finished("change", "started")],
      { done: ["read", "change", "destroy"], texts: ["read spoke", "change spoke", "destroy spoke"] },
    ],
  ])("%s", async (_, earlier, { done: expected, texts: said }) => {
    const { read, change, destroy, done } = actions();
    const { run, texts } = await prepareRun([read, change, destroy], { earlier });
    expect((await run()).state).toBe("done");
    expect({ done, texts: texts() }).toEqual({ done: expected, texts: said });
  });

  it("tells again that a step failed, and does not repeat it", async () => {
    const { change, done } = actions();
    const earlier = [{ ...finished("change", "failed"), reason: "it broke" }];
    const { run, notes } = await prepareRun([change], { earlier });
    expect((await run()).state).toBe("failed");
    expect({ done, notes: notes() }).toEqual({ done: [], notes: ["Action change failed: it broke"] });
  });

  it("stops where it had been stopped", async () => {
    const { stopping, read, done } = actions();
    const earlier: StepRecord[] = [{ ...finished("stopping", "done"), contributions: [{ do: "stop" }] }];
    const { run } = await prepareRun([stopping, read], { earlier });
    await run();
    expect(done).toEqual([]);
  });

  it("ends as interrupted at an action that may not be repeated, and says which", async () => {
    const { once, read, done } = actions();
    const { run, notes } = await prepareRun([once, read], { earlier: [finished("once", "started")] });
    expect(await run()).toMatchObject({ state: "interrupted", steps: [{ state: "interrupted" }] });
    expect(done).toEqual([]);
    expect(notes()).toEqual([
      "Action once was interrupted: it was interrupted, its outcome is unknown, and it says that it may not be repeated",
    ]);
  });

  it("goes on behind such an action where it had ended", async () => {
    const { once, read, done } = actions();
    const { run } = await prepareRun([once, read], { earlier: [spoke("once")] });
    expect((await run()).state).toBe("done");
    expect(done).toEqual(["read"]);
  });
});

describe("what is no longer wanted", () => {
  it("is not begun once the alert has resolved, if it changes something", async () => {
    const { read, change, destroy, done } = actions();
    const { run, signals, notes } = await prepareRun([change, read, destroy]);
    signals.cancelled.abort();
    expect((await run()).steps.map(({ state }) => state)).toEqual(["skipped", "done", "skipped"]);
    expect(done).toEqual(["read"]);
    expect(notes()).toEqual([
      "Action change was skipped: the alert resolved meanwhile",
      "Action destroy was skipped: the alert resolved meanwhile",
    ]);
  });

  it("is not begun for a delivery that is too old, if it changes something", async () => {
    const { read, destroy, done } = actions();
    const { run, notes } = await prepareRun([read, destroy], { readOnlyBecause: "it is a day old" });
    await run();
    expect({ done, notes: notes() }).toEqual({
      done: ["read"],
      notes: ["Action destroy was skipped: it is a day old"],
    });
  });

  it("is not begun once the delivery's time has ended, whatever it does", async () => {
    const { read, change, done } = actions();
    const { run, signals, journals } = await prepareRun([read, change]);
    signals.deadline.abort();
    expect((await run()).steps.map(({ state }) => state)).toEqual(["skipped", "skipped"]);
    expect({ done, journals }).toEqual({ done: [], journals: [] });
  });

  it("is nothing at all once the lease is lost", async () => {
    const { read, done } = actions();
    const { run, signals, findings } = await prepareRun([read]);
    signals.lost.abort();
    await expect(run()).rejects.toThrow(LeaseLostError);
    expect({ done, findings: findings() }).toEqual({ done: [], findings: [] });
  });

  it("begins no change that the journal does not take", async () => {
    const { change, done } = actions();
    const journal = () => Promise.reject(new LeaseLostError("fenced"));
    const { run } = await prepareRun([change], { journal });
    await expect(run()).rejects.toThrow("fenced");
    expect(done).toEqual([]);
  });
});

describe("an action that does not return", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const hanging = (effects: "read" | "change", wait: (context: ActionContext) => Promise<void> = () => never) =>
    action({
      name: "hanging",
      on: PodEvent,
      effects,
      timeout: 10,
      run: async (event, _params, context) => {
        event.addEnrichment(say("before"));
        await wait(context);
        event.addEnrichment(say("after"));
      },
    });
  const untilAborted = ({ signal }: ActionContext) =>
    new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

  it("is abandoned five seconds after its time, and the next one runs", async () => {
    const { run, texts, notes } = await prepareRun([hanging("read"), actions().read]);
    const running = run();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await running).toMatchObject({ state: "failed", steps: [{ state: "timed out" }, { state: "done" }] });
    expect(texts()).toEqual(["before", "read spoke"]);
    expect(notes()).toEqual(["Action hanging was abandoned: it did not return within 10 s"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("may end by itself at its signal", async () => {
    const { run } = await prepareRun([hanging("read", untilAborted)]);
    const running = run();
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await running).steps).toMatchObject([{ state: "timed out", reason: "it did not return within 10 s" }]);
  });

  it("is still heard in the five seconds after its time, and not later", async () => {
    const late = (seconds: number) =>
      action({
        name: "late",
        on: PodEvent,
        effects: "read",
        timeout: 10,
        run: async (event) => {
          event.addEnrichment(say(`before ${seconds} s`));
          await new Promise<void>((resolve) => setTimeout(resolve, seconds * 1_000));
          event.addEnrichment(say(`after ${seconds} s`));
        },
      });
    const { run, texts } = await prepareRun([late(14), late(16)]);
    const running = run();
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await running).steps.map(({ state }) => state)).toEqual(["done", "timed out"]);
    expect(texts()).toEqual(["before 14 s", "after 14 s", "before 16 s"]);
  });

  it("is refused everything after that", async () => {
    const attempts: Record<string, unknown> = {};
    const returning = action({
      name: "returning",
      on: PodEvent,
      effects: "read",
      timeout: 10,
      run: async (event, _params, { rateLimiter, signal }) => {
        await new Promise((resolve) => setTimeout(resolve, 20_000));
        const tries: Record<string, () => unknown> = {
          addEnrichment: () => event.addEnrichment(say("after")),
          addFinding: () => event.addFinding({ title: "after", aggregationKey: "x" }),
          stopProcessing: () => event.stopProcessing(),
          getPod: () => event.getPod(),
          cluster: () => event.cluster.list("Pod"),
          markAndTest: () => rateLimiter.markAndTest("x", "y", 1),
          refund: () => rateLimiter.refund("x", "y"),
          signal: () => signal.throwIfAborted(),
        };
        for (const [name, attempt] of Object.entries(tries)) {
          attempts[name] = await Promise.resolve()
            .then(attempt)
            .then(
              () => "allowed",
              (error: Error) => error.name,
            );
        }
      },
    });
    const { run, findings, limiters } = await prepareRun([returning]);
    const running = run();
    await vi.advanceTimersByTimeAsync(30_000);
    await running;
    expect(attempts).toEqual({
      addEnrichment: "AbandonedError",
      addFinding: "AbandonedError",
      stopProcessing: "AbandonedError",
      getPod: "AbandonedError",
      cluster: "ActionTimeoutError",
      markAndTest: "AbandonedError",
      refund: "AbandonedError",
      signal: "ActionTimeoutError",
    });
    expect(findings()).toMatchObject([{ enrichments: [], notes: [expect.stringContaining("was abandoned")] }]);
    expect(limiters.asked).toEqual([]);
  });

  it.each<["read" | "change", "cancelled" | "deadline", StepRecord["state"], string]>([
    ["change", "cancelled", "failed", "Action hanging failed: the alert resolved while it ran"],
    ["change", "deadline", "failed", "Action hanging failed: the time for this delivery ended"],
    ["read", "deadline", "failed", "Action hanging failed: the time for this delivery ended"],
    ["read", "cancelled", "timed out", "Action hanging was abandoned: it did not return within 10 s"],
  ])("and is a %s, when %s: %s", async (effects, signal, state, note) => {
    const { run, signals, notes } = await prepareRun([hanging(effects)]);
    const running = run();
    await vi.advanceTimersByTimeAsync(1_000);
    signals[signal].abort();
    await vi.advanceTimersByTimeAsync(20_000);
    expect((await running).steps).toMatchObject([{ state }]);
    expect(notes()).toEqual([note]);
  });

  it("ends the run where the lease is lost meanwhile", async () => {
    const { run, signals } = await prepareRun([hanging("read"), actions().read]);
    const running = run();
    const rejected = expect(running).rejects.toThrow("the lease was lost while an action ran");
    await vi.advanceTimersByTimeAsync(1_000);
    signals.lost.abort();
    await vi.advanceTimersByTimeAsync(5_000);
    await rejected;
  });
});
