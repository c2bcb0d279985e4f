/** Waiting for a run to end: told where this process works it, by looking again where it does not. */
import type { RunRecord } from "../playbooks/run-record.ts";
import type { ApiServices } from "./api.ts";

/** Before each look at a run, in milliseconds; the last again and again. Where its end is told, they are for what was told elsewhere. */
const pauses = { told: [2_000], untold: [0, 100, 250, 500, 1_000] };

export const hasEnded = (records: readonly RunRecord[]): boolean =>
  records.length > 0 && records.every(({ state }) => state !== "running" && state !== "queued");

/** What reads writes no record before its end: whether it has begun is in its ledger. */
export async function asOfNow(
  records: readonly RunRecord[],
  { ledgers }: Pick<ApiServices, "ledgers">,
): Promise<readonly RunRecord[]> {
  const queued = records.filter(({ state }) => state === "queued");
  if (queued.length === 0) return records;
  const views = await ledgers.read(queued.map(({ delivery }) => delivery));
  const begun = new Set(queued.filter((_, index) => views[index]?.slots.length));
  return records.map((record) => (begun.has(record) ? { ...record, state: "running" } : record));
}

export interface Watch {
  /** The records of the run once it has ended, or as they are when the time is over. */
  until(seconds: number): Promise<readonly RunRecord[]>;
  close(): void;
}

/** To be called before the run can begin, so that its end is not missed. */
export function watchRun(run: string, { runs, endings }: Pick<ApiServices, "runs" | "endings">): Watch {
  let isTold = false;
  let wake = () => {};
  const forget = endings?.ended(run, () => {
    isTold = true;
    wake();
  });
  const toldOrAfter = async (milliseconds: number) => {
    if (!isTold && milliseconds > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(resolve, milliseconds);
      await promise;
      clearTimeout(timer);
    }
    isTold = false;
  };
  return {
    async until(seconds) {
      const end = performance.now() + seconds * 1_000;
      const [first = 0, ...later] = forget === undefined ? pauses.untold : pauses.told;
      for (let pause = first; ; pause = later.shift() ?? pause) {
        const left = end - performance.now();
        await toldOrAfter(Math.min(pause, left));
        const records = await runs.get(run);
        if (hasEnded(records) || left <= pause || endings?.stopped) return records;
      }
    },
    close: () => forget?.(),
  };
}
