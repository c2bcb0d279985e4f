/**
 * What the state table does for the rest: the port types. There is one implementation, over DynamoDB; it runs on a real table and,
 * embedded, on dynalite. What must be true of it is in the tests of this folder, the reasons are in docs/semantics.md.
 */
import type { MessageKey } from "../delivery.ts";

/** What is worked one at a time: `alert#<fingerprint>`, `object#<uid>`, within a cluster. */
export interface LedgerKey {
  readonly cluster: string;
  readonly key: string;
}

/** A delivery begun and not ended, as the ledger keeps it. */
export interface Slot {
  readonly delivery: string;
  /** The run's id, a ulid; a later attempt finds the same one. */
  readonly run: string;
  /** How often work on it has begun, this time included. */
  readonly attempts: number;
  /** What `decide` needs to know of the delivery, as it was given to `take`. */
  readonly facts: Facts;
}

/** Plain JSON about a delivery: status, start, acceptance. */
export type Facts = Readonly<Record<string, string | number | undefined>>;

/** What a ledger says to whoever reads it. */
export interface LedgerView<State> {
  /** The state of its kind; undefined for a key never worked, or whose ledger has expired. */
  readonly state: State | undefined;
  readonly slots: readonly Slot[];
}

/** The right to work on a key, until `end`, `release`, or its loss. Renewed by itself. */
export interface Lease<State> extends LedgerView<State> {
  readonly fence: number;
  /** This delivery's own slot. */
  readonly slot: Slot;
  /** Aborts when the lease is lost, or can no longer be known to be held: nothing may be posted or changed after that. */
  readonly lost: AbortSignal;
  /** Aborts when somebody asked to cancel what changes something (`requestCancel`). */
  readonly cancelled: AbortSignal;
  /** Writes the state, removes the slots named and the lease, in one. Throws LeaseLostError. */
  end(outcome: { state: State; expiresAt: number; slots: readonly string[] }): Promise<void>;
  /** Gives the key back; the slot and its attempts stay for the next one, unless `forget`. */
  release(options?: { forget: boolean }): Promise<void>;
}

export interface Ledgers {
  /** The lease, or `busy` while another holds it. */
  take<State>(key: LedgerKey, delivery: { id: string; facts: Facts }): Promise<Lease<State> | "busy">;
  /** Reads ledgers, consistently, 100 in a request; a missing or expired one has no state and no slots. */
  read<State>(keys: readonly LedgerKey[]): Promise<LedgerView<State>[]>;
  /** Asks whoever holds the key to begin no further change. False where nobody holds it. */
  requestCancel(key: LedgerKey): Promise<boolean>;
  /** Gives a key back that a holder who is known to be dead had taken; the slot and its attempts stay. */
  releaseHeldBy(holder: string, key: LedgerKey): Promise<void>;
}

export interface RateLimiter {
  /**
   * Whether the caller may go on: true once in `seconds` for each operation and id, and then counted from now. A second attempt of
   * the same run gets the same answer. Throws UnavailableError when the table is away and `onOutage` does not say what then.
   */
  markAndTest(operation: string, id: string, seconds: number, options?: RateLimitOptions): Promise<boolean>;
  /** Takes back a mark that this run set, for work that was not done after all. */
  refund(operation: string, id: string, options?: Pick<RateLimitOptions, "scope">): Promise<void>;
}

/** A rate limiter's answer in full. */
export type Permit =
  | { readonly allowed: true }
  /** `until`: milliseconds since the epoch; absent where the table was away, or did not say. */
  | { readonly allowed: false; readonly until?: number };
/** The limiter of our own limits: it says, too, until when it refuses. */
export interface AskableRateLimiter extends RateLimiter {
  /** As `markAndTest`. */
  ask(operation: string, id: string, seconds: number, options?: RateLimitOptions): Promise<Permit>;
}
export interface RateLimitOptions {
  /** Default `cluster`: each cluster counts for itself. */
  readonly scope?: "cluster" | "global";
  /** Default `throw`. */
  readonly onOutage?: "allow" | "deny" | "throw";
}

/** Where the rate limiter's calls come from, for the marks that belong to them. */
export interface RateLimitCaller {
  readonly cluster: string;
  /** `<run id>/<playbook>/<step>/<action>`: the same in every attempt. */
  readonly call: string;
  /** A resumed run never trusts what the process remembers. */
  readonly resumed: boolean;
}

export interface RateLimiters {
  for(caller: RateLimitCaller): AskableRateLimiter;
}

export interface Claims {
  /**
   * Takes a name that nobody has, for so many seconds, and keeps the value with it. Undefined where it is the caller's now; else the
   * value of whoever was first.
   */
  claim(name: readonly string[], value: string, seconds: number): Promise<string | undefined>;
}

/** One version of a repository that was pushed. */
export interface PushedVersion {
  /** Of the bundle's bytes, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** The major version of the actions' API that it was made for. */
  readonly apiVersion: number;
  /** Of its package.json, where that says one. */
  readonly packageVersion?: string;
  /** When it became the live one, in milliseconds since the epoch. */
  readonly pushedAt: number;
  /** Who made it so. */
  readonly by: string;
}

/** A pushed repository: which version is live, and which were before. */
export interface PushedRepository {
  readonly name: string;
  /** Counts its moves; never the same again, also where it was deleted in between. */
  readonly revision: number;
  /** Undefined where it was deleted. */
  readonly live: PushedVersion | undefined;
  /** The versions that were live before, newest first; the last 20. */
  readonly history: readonly PushedVersion[];
}

export interface PushedRepositories {
  /** Those that are live, by name. */
  list(): Promise<readonly PushedRepository[]>;
  /** Undefined where nothing was ever pushed under the name. */
  get(name: string): Promise<PushedRepository | undefined>;
  /**
   * Makes a version the live one, or none. Does nothing where the repository is not at that revision any more: 0 is the one of a name
   * under which nothing was ever pushed.
   */
  move(name: string, revision: number, live: PushedVersion | undefined): Promise<"moved" | "conflict">;
}

/** Stored JSON under the id of a run: `<ulid>#<playbook>`. Its shape is the pipeline's. */
export interface RunStore<Run> {
  /** Writes the record unless one with a higher fence is there (then LeaseLostError). */
  put(run: Run): Promise<void>;
  /** The records of one delivery's run. */
  get(id: string): Promise<Run[]>;
  /** Newest first; `before` is the last run seen, as `<ulid>#<playbook>`, or a ulid to leave out all of its runs. */
  list(options: { limit: number; before?: string }): Promise<Run[]>;
}

/** Where a message is, and what it looked like, so that it can be edited. */
export interface MessageReference {
  readonly key: MessageKey;
  /** `ignored`: it was decided that it is not posted. */
  readonly state: "posting" | "posted" | "ignored";
  /** The sink's own address of the message (channel and timestamp, …); only of what is posted. */
  readonly reference?: Readonly<Record<string, string>>;
}

export interface Messages {
  /**
   * The first of the two writes around a post: `reserved` for the caller, `retry` where an earlier attempt's outcome is unknown,
   * `busy` while another posts, or the message that is there already.
   */
  reserve(key: MessageKey, owner: string): Promise<"reserved" | "retry" | "busy" | MessageReference>;
  posted(key: MessageKey, owner: string, reference: Readonly<Record<string, string>>): Promise<void>;
  /** Nothing was posted: the next one may try. */
  abandon(key: MessageKey, owner: string): Promise<void>;
  /** Notes that it is not posted, unless it is or is being posted: then false. `reserve` takes the note away. */
  ignore(key: MessageKey): Promise<boolean>;
  /** Every message of one episode. */
  list(key: LedgerKey, episode: string): Promise<MessageReference[]>;
}

/** Where a message is counted. */
export interface Membership {
  readonly group: readonly string[];
  /** When the interval began, in milliseconds since the epoch. */
  readonly interval: number;
}

/** A message as its group knows it. */
export interface Member {
  /** What it was entered with: the groups' user says what that is. */
  readonly entry: string;
  readonly resolved: boolean;
}

export interface Groups {
  /**
   * Whether a message is among the first so many of its group: counts it, once, and answers the same when it is asked again, also in
   * another interval. The interval begins with the first message that is counted, and what comes when it is over begins another.
   * `group`: the sink, then what the messages have in common.
   */
  isAmongFirst(
    group: readonly string[],
    message: string,
    options: { readonly first: number; readonly seconds: number },
  ): Promise<boolean>;
  /** Enters a message into the interval of its group that runs; where it is in one already it stays there, as it was entered. */
  join(
    group: readonly string[],
    message: string,
    options: { readonly seconds: number; readonly entry: string },
  ): Promise<Membership>;
  /** Where a message is; undefined where it is nowhere. */
  membership(sink: string, message: string): Promise<Membership | undefined>;
  /** Notes that what the message tells of has resolved. */
  resolve(membership: Membership, message: string): Promise<void>;
  /** All that are in the same interval. */
  members(membership: Membership): Promise<readonly Member[]>;
}

/** What a sink was not told while it was quiet, up to a time. */
export interface Digest {
  /** Names it among those of its sink. */
  readonly number: number;
  readonly entries: readonly Member[];
  /** Whether there are more than are given. */
  readonly more: boolean;
}

export interface Digests {
  /** Enters a message into the sink's next digest, once; of one that fired and has resolved, twice, which is one entry. */
  hold(sink: string, message: string, member: Member): Promise<void>;
  /** Notes that what a held message tells of has resolved; nothing where it is not held. */
  resolve(sink: string, message: string): Promise<void>;
  /**
   * The sink's digest that is to be told, the same one for all who ask until it was `told`; nothing is entered into it any more, but for
   * what is entered into the next one too. Undefined where nothing was held.
   */
  due(sink: string): Promise<Digest | undefined>;
  told(sink: string, number: number): Promise<void>;
}

/** An entry of the local queue. */
export interface QueueEntry<Body> {
  /** `<visible at>#<ulid>`: its place in its shard, so another one once it has been delayed. */
  readonly id: string;
  readonly ledger: LedgerKey;
  /** Milliseconds since the epoch; due when past. */
  readonly visibleAt: number;
  readonly body: Body;
}

export interface QueueStore<Body> {
  /** Durable when it resolves. */
  put(entries: readonly { ledger: LedgerKey; body: Body; visibleAt: number }[]): Promise<QueueEntry<Body>[]>;
  /** Due entries of a shard (0 to 3), oldest first, at most 25 behind the entry whose id `after` is. */
  due(shard: number, options: { now: number; after?: string }): Promise<QueueEntry<Body>[]>;
  /** Moves it to a later time: written anew, then deleted. */
  delay(entry: QueueEntry<Body>, visibleAt: number): Promise<QueueEntry<Body>>;
  delete(entry: QueueEntry<Body>): Promise<void>;
  /** How many there are, of all shards. */
  count(): Promise<number>;
}

export interface DeadLetter<Body> {
  readonly id: string;
  readonly body: Body;
  readonly reasons: readonly string[];
  readonly at: number;
}

export interface DeadLetters<Body> {
  put(letter: { body: Body; reasons: readonly string[] }): Promise<void>;
  list(options: { limit: number }): Promise<DeadLetter<Body>[]>;
}
