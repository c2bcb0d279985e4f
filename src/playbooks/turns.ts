/**
 * Whose turn it is, after everything else about a trigger has held: when an alert begins to fire every playbook's, when it fires on of
 * those whose `repeat` is due; and of triggers with a rate limit once in its time. What marks these times is the limiter of actions.
 */
import type { IncomingDelivery } from "../delivery.ts";
import type { Permit, RateLimiters } from "../state/state.ts";
import type { Firing, Limit } from "../triggers/trigger.ts";
import type { Playbook } from "./playbook.ts";
import type { RunRecord } from "./run-record.ts";

export interface Turn {
  readonly delivery: IncomingDelivery;
  /** The run's ulid; that of an earlier attempt where there was one. */
  readonly run: string;
  readonly attempt: number;
  readonly episode: string;
  /** Whether a newer version of the object has been worked already. */
  readonly late: boolean;
  /** On a repeat: the ids of the playbooks that have begun in this episode and may run again. Those that are new wait for the next one. */
  readonly again: readonly string[] | undefined;
}

/** Why a playbook may not begin now for a trigger that fires; undefined where it may, and then that is marked. */
export type MayBegin = (playbook: Pick<Playbook, "id">, trigger: string, firing: Firing) => Promise<string | undefined>;

export interface Turns {
  readonly mayBegin: MayBegin;
  /** Takes back what was marked for playbooks that did not begin after all: one before them ended the work. */
  giveBack(records: readonly Pick<RunRecord, "playbook">[]): Promise<void>;
}

export function openTurns(turn: Turn, rateLimiters: RateLimiters): Turns {
  const marks: { readonly playbook: string; readonly takeBack: () => Promise<void> }[] = [];

  const ask = async (playbook: string, operation: string, { of, seconds }: Limit): Promise<Permit> => {
    const { delivery, run, attempt } = turn;
    const call = `${run}/${playbook}/${operation}`;
    const limiter = rateLimiters.for({ cluster: delivery.cluster, call, resumed: attempt > 1 });
    const permit = await limiter.ask(operation, of, seconds);
    if (permit.allowed) marks.push({ playbook, takeBack: () => limiter.refund(operation, of) });
    return permit;
  };

  const repeatRefusal = async (id: string, seconds: number | undefined): Promise<string | undefined> => {
    const begins = turn.again === undefined;
    if (!begins && (seconds === undefined || !turn.again.includes(id))) {
      return "the alert fires on, and it is not one of those that run again";
    }
    if (seconds === undefined) return undefined;
    const { allowed } = await ask(id, "repeat", { of: `${turn.episode}/${id}`, seconds });
    return allowed || begins ? undefined : `the alert fires on, and it ran less than ${seconds} s ago`;
  };

  const limitRefusal = async (id: string, trigger: string, limit: Limit | undefined): Promise<string | undefined> => {
    if (limit === undefined || limit.seconds === 0) return undefined;
    const permit = await ask(id, trigger, { ...limit, of: `${id}/${limit.of}` });
    if (permit.allowed) return undefined;
    if (limit.once) return `${trigger} fires once for ${limit.of}, and it has`;
    const until = permit.until === undefined ? "" : ` until ${new Date(permit.until).toISOString()}`;
    return `the rate limit of ${trigger} for ${limit.of} holds it back${until}`;
  };

  return {
    mayBegin: async ({ id }, trigger, { repeatSeconds, limit, aboutNow }) => {
      if (aboutNow && turn.late)
        return `${trigger} is about the present, and a newer version of the object has been worked`;
      return (await repeatRefusal(id, repeatSeconds)) ?? (await limitRefusal(id, trigger, limit));
    },
    giveBack: async (records) => {
      const idle = marks.filter(({ playbook }) => !records.some((record) => record.playbook === playbook));
      await Promise.all(idle.map(({ takeBack }) => takeBack()));
    },
  };
}

/** The ids of the playbooks that began, and whose turn may come again. */
export const repeatingOf = (
  matched: readonly { readonly playbook: Pick<Playbook, "id">; readonly repeatSeconds?: number }[],
  records: readonly Pick<RunRecord, "playbook">[],
): readonly string[] =>
  matched.flatMap(({ playbook: { id }, repeatSeconds }) =>
    repeatSeconds !== undefined && records.some(({ playbook }) => playbook === id) ? [id] : [],
  );
