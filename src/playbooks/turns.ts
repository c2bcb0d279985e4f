/** Whose turn it is: every matched playbook when an alert begins to fire; when it fires on, those whose `repeat` is due. */
import type { IncomingDelivery } from "../delivery.ts";
import type { RateLimiters } from "../state/state.ts";
import type { FullMatch, Matched } from "./match.ts";
import type { RunRecord } from "./run-record.ts";

export interface Turn {
  readonly delivery: IncomingDelivery;
  /** The run's ulid; that of an earlier attempt where there was one. */
  readonly run: string;
  readonly attempt: number;
  readonly episode: string;
  /** On a repeat: the ids of the playbooks that have begun in this episode and may run again. Those that are new wait for the next one. */
  readonly again: readonly string[] | undefined;
}

/** Marks when the playbooks that may run again begin, so that their time counts from there. */
export async function takeTurns(
  { matched, others }: FullMatch,
  turn: Turn,
  rateLimiters: RateLimiters,
): Promise<FullMatch> {
  const refused = await Promise.all(matched.map((one) => refusal(one, turn, rateLimiters)));
  return {
    matched: matched.filter((_, index) => refused[index] === undefined),
    others: [
      ...others,
      ...matched.flatMap(({ playbook }, index) => {
        const reason = refused[index];
        return reason === undefined ? [] : [{ playbook: playbook.name, reason }];
      }),
    ],
  };
}

/** The ids of the playbooks that began, and whose turn may come again. */
export const repeatingOf = (
  matched: readonly Matched[],
  records: readonly Pick<RunRecord, "playbook">[],
): readonly string[] =>
  matched.flatMap(({ playbook: { id }, repeatSeconds }) =>
    repeatSeconds !== undefined && records.some(({ playbook }) => playbook === id) ? [id] : [],
  );

async function refusal(
  { playbook, repeatSeconds }: Matched,
  { delivery, run, attempt, episode, again }: Turn,
  rateLimiters: RateLimiters,
): Promise<string | undefined> {
  const begins = again === undefined;
  if (!begins && (repeatSeconds === undefined || !again.includes(playbook.id))) {
    return "the alert fires on, and it is not one of those that run again";
  }
  if (repeatSeconds === undefined) return undefined;
  const limiter = rateLimiters.for({
    cluster: delivery.cluster,
    call: `${run}/${playbook.id}/repeat`,
    resumed: attempt > 1,
  });
  const due = await limiter.markAndTest("repeat", `${episode}/${playbook.id}`, repeatSeconds);
  return due || begins ? undefined : `the alert fires on, and it ran less than ${repeatSeconds} s ago`;
}
