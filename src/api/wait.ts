/** Waiting for a run to end: told where this process works it, by looking again where it does not. */
import type { RunRecord } from "../playbooks/run-record.ts";
import type { ApiServices } from "./api.ts";

/** Before each look at a run, in milliseconds; the last again and again. Where its end is told, they are for what was told elsewhere. */
const pauses = { told: [2_000], untold: [0, 100, 250, 500, 1_000] };

export const hasEnded = (records: readonly RunRecord[]): boolean =>
  records.length > 0 && records.every(({ state }) => state !== "running" && state !== "queued");

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
        if (hasEnded(records) || left <= pause) return records;
      }
    },
    close: () => forget?.(),
  };
}
