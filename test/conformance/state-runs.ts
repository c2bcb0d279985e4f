import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { createRunStore, type StoredRun } from "../../src/state/runs.ts";
import type { RunStore } from "../../src/state/state.ts";
import type { Bench } from "./state.ts";

interface Run extends StoredRun {
  readonly note?: string;
}

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

export function runsConformance(bench: Bench): void {
  describe("run records", () => {
    it("are written by whoever holds the newest fence", async () => {
      const { table, clock } = bench.process();
      const runs = createRunStore<Run>({ table, clock });
      const run = { id: ulid(clock.now()), playbook: "my playbook", fence: 2 };
      await runs.put(run);
      await runs.put({ ...run, note: "same fence" });
      await expect(runs.put({ ...run, fence: 1 })).rejects.toMatchObject({ name: "LeaseLostError" });
      expect(await runs.get(run.id)).toEqual([{ ...run, note: "same fence" }]);
      await runs.put({ ...run, fence: 3 });
      await runs.put({ ...run, playbook: "another" });
      expect(await runs.get(run.id)).toHaveLength(2);
    });

    it("are listed newest first over days and shards, page by page, until they expire", async () => {
      const { table, clock } = bench.process();
      const runs = createRunStore<Run>({ table, clock });
      // Years after the other tests' records, so that these are the only ones.
      clock.advance(1000 * DAY);
      const made: string[] = [];
      for (let hour = 0; hour < 24 * 13; hour += 13) {
        clock.advance(13 * HOUR);
        const id = ulid(clock.now());
        for (const playbook of ["a", "b c"]) {
          await runs.put({ id, playbook, fence: 1 });
          made.push(`${id}#${playbook}`);
        }
      }
      const newestFirst = made.toReversed();
      const pages = await pagesOf(runs, 7);
      expect(Math.max(...pages.map((page) => page.length))).toBe(7);
      expect(pages.flat()).toEqual(newestFirst);
      const [newest = ""] = newestFirst;
      const older = await runs.list({ limit: 1, before: newest.slice(0, 26) });
      expect(older.map(nameOf)).toEqual(newestFirst.slice(2, 3));
      clock.advance(14 * DAY + 1000);
      expect(await runs.list({ limit: 7 })).toEqual([]);
    });
  });
}

async function pagesOf(runs: RunStore<Run>, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let before: string | undefined;
  do {
    const page = (await runs.list({ limit, ...(before === undefined ? {} : { before }) })).map(nameOf);
    if (page.length > 0) pages.push(page);
    before = page.at(-1);
  } while (before !== undefined);
  return pages;
}

function nameOf({ id, playbook }: Run): string {
  return `${id}#${playbook}`;
}
