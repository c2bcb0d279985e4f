import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withDeadline } from "../../src/playbooks/deadline.ts";

const never = new Promise<never>(() => {});

describe("withDeadline", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each<[string, () => unknown, unknown]>([
    ["what is returned", () => 1, 1],
    ["what is returned later", async () => 2, 2],
  ])("gives %s", async (_, work, value) => {
    const { signal } = new AbortController();
    expect(await withDeadline({ seconds: 10, signal }, work)).toBe(value);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, () => unknown]>([
    [
      "at once",
      () => {
        throw new Error("broken");
      },
    ],
    ["later", () => Promise.reject(new Error("broken"))],
  ])("throws what is thrown %s", async (_, work) => {
    const { signal } = new AbortController();
    await expect(withDeadline({ seconds: 10, signal }, work)).rejects.toThrow("broken");
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, number, boolean]>([
    ["before the deadline", 9_999, false],
    ["in the grace after it", 14_999, false],
    ["after that", 15_000, true],
  ])("knows whether the work is abandoned: %s", async (_, milliseconds, abandoned) => {
    let isAbandoned = () => false;
    const { signal } = new AbortController();
    const working = withDeadline({ seconds: 10, signal }, (_signal, over) => {
      isAbandoned = over;
      return never;
    });
    working.catch(() => {});
    await vi.advanceTimersByTimeAsync(milliseconds);
    expect(isAbandoned()).toBe(abandoned);
    await vi.advanceTimersByTimeAsync(15_000);
    await expect(working).rejects.toMatchObject({
      name: "ActionTimeoutError",
      message: "it did not return within 10 s",
    });
  });

  it("gives the outer signal's reason where that aborts first, before the work or during it", async () => {
    for (const delay of [0, 3_000]) {
      const outer = new AbortController();
      if (delay === 0) outer.abort(new Error("enough"));
      else setTimeout(() => outer.abort(new Error("enough")), delay);
      const working = withDeadline({ seconds: 10, signal: outer.signal }, () => never);
      const rejected = expect(working).rejects.toThrow("enough");
      await vi.advanceTimersByTimeAsync(delay + 5_000);
      await rejected;
    }
  });

  it("starts nothing when the outer signal aborts after the end", async () => {
    const outer = new AbortController();
    await withDeadline({ seconds: 10, signal: outer.signal }, () => 1);
    outer.abort();
    expect(vi.getTimerCount()).toBe(0);
  });
});
