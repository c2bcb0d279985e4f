/** Everything that the state table does, over one table. */
import { createClaims } from "./claims.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createDeadLetters } from "./dead-letters.ts";
import { createDigests } from "./digests.ts";
import { createGroups } from "./groups.ts";
import { LEDGER_TIMINGS, type LedgerTimings } from "./ledger-timings.ts";
import { createLedgers } from "./ledgers.ts";
import { createMessages, MESSAGE_TIMINGS, type MessageTimings } from "./messages.ts";
import { createPushedRepositories } from "./pushed.ts";
import { createQueueStore } from "./queue-store.ts";
import { createRateLimiters } from "./rate-limiter.ts";
import { createRunStore, type StoredRun } from "./runs.ts";
import type {
  Claims,
  DeadLetters,
  Digests,
  Groups,
  Ledgers,
  Messages,
  PushedRepositories,
  QueueStore,
  RateLimiters,
  RunStore,
} from "./state.ts";
import type { Table } from "./table.ts";

export interface State<Run, Body> {
  readonly ledgers: Ledgers;
  readonly rateLimiters: RateLimiters;
  readonly claims: Claims;
  readonly runs: RunStore<Run>;
  readonly messages: Messages;
  readonly groups: Groups;
  readonly digests: Digests;
  readonly pushed: PushedRepositories;
  readonly queue: QueueStore<Body>;
  readonly deadLetters: DeadLetters<Body>;
  /** How many requests the table has had from this process. */
  requests(): number;
}

export interface StateOptions {
  readonly table: Table;
  readonly clock?: Clock;
  /** Of leases, where they are not the usual ones. */
  readonly timings?: LedgerTimings;
  /** Names who takes leases here. */
  readonly holder?: string;
  /** Of reservations of messages, likewise. */
  readonly messageTimings?: MessageTimings;
  /** Told of what cannot be read, in one sentence. */
  readonly onBroken?: (problem: string) => void;
}

/** Makes no request itself: a table that is away shows when it is used. */
export function openState<Run extends StoredRun, Body>(options: StateOptions): State<Run, Body> {
  const {
    table,
    clock = systemClock,
    timings = LEDGER_TIMINGS,
    messageTimings = MESSAGE_TIMINGS,
    holder,
    onBroken,
  } = options;
  return {
    ledgers: createLedgers({ table, clock, timings, ...(holder === undefined ? {} : { holder }) }),
    rateLimiters: createRateLimiters({ table, clock }),
    claims: createClaims({ table, clock }),
    runs: createRunStore<Run>({ table, clock }),
    messages: createMessages({ table, clock, timings: messageTimings }),
    groups: createGroups({ table, clock }),
    digests: createDigests({ table, clock }),
    pushed: createPushedRepositories({ table }),
    queue: createQueueStore<Body>({ table, clock, ...(onBroken === undefined ? {} : { onBroken }) }),
    deadLetters: createDeadLetters<Body>({ table, clock }),
    requests: () => table.requests(),
  };
}
