/** What the tests of notifying share: a real table, a clock to be moved, and sinks that keep what they were told. */
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { NotifyDelivery } from "../../src/delivery.ts";
import { SinkError } from "../../src/errors.ts";
import type { Finding } from "../../src/findings/finding.ts";
import type { NotifyInput, NotifyReport } from "../../src/sinks/notify.ts";
import type { ConfiguredSink } from "../../src/sinks/route.ts";
import type { MessageAddress, Sink, SinkContext } from "../../src/sinks/sink.ts";
import { systemClock } from "../../src/state/clock.ts";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { openState } from "../../src/state/open.ts";
import { createTable, type Table } from "../../src/state/table.ts";
import { findingOf } from "./findings.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";

export type Parts = Readonly<Record<string, Finding>>;
export const alertKey = { cluster: "prod-eu", key: "alert#0123456789abcdef" };
const tableName = "cortado-notify-test";

/** Sets up a table for the file's tests, and a new clock and episode for each of them. */
export function notifyStage() {
  let database: EmbeddedDatabase;
  let table: Table;
  let clock: ManualClock = manualClock();
  let episodes = 0;

  beforeAll(async () => {
    database = await startEmbeddedDatabase();
    const { socketPath } = database;
    await createTableIfMissing({ tableName, socketPath });
    table = createTable({ tableName, socketPath, clock: { ...systemClock, now: () => clock.now() } });
  });
  afterAll(async () => {
    table.close();
    await database.close();
  });
  beforeEach(() => {
    clock = manualClock();
    episodes += 1;
  });

  const messages = () => openState({ table, clock }).messages;
  const groups = () => openState({ table, clock }).groups;
  return {
    get clock() {
      return clock;
    },
    get episode() {
      return `episode-${episodes}`;
    },
    messages,
    dependencies: (...sinks: readonly ConfiguredSink[]) => ({
      sinks,
      messages: messages(),
      groups: groups(),
      digests: openState({ table, clock }).digests,
      now: clock.now,
    }),
    input: (parts: Parts, changes: Partial<NotifyInput> = {}): NotifyInput => ({
      delivery: alertKey,
      episode: `episode-${episodes}`,
      phase: "firing",
      repeat: 0,
      findings: () => Object.entries(parts).map(([part, finding]) => ({ part, finding })),
      base: findingOf({ status: changes.phase ?? "firing" }),
      owner: "owner-1",
      signal: new AbortController().signal,
      ...changes,
    }),
  };
}

export const configured = (sink: Sink, params: Partial<ConfiguredSink["params"]> = {}): ConfiguredSink => ({
  sink,
  params: { name: sink.name, default: true, stop: false, digest: false, ...params },
});

export const outcomes = ({ results }: NotifyReport) =>
  results.map(({ sink, part, outcome }) => `${sink} ${part} ${outcome}`);
export const onlyLater = ({ later }: NotifyReport): NotifyDelivery =>
  later[0]?.delivery ?? expect.fail("nothing was left for later");

/** A sink that keeps what it was told, in order; `answers` stand for what its destination does next. */
export function recordingSink(name: string, ...answers: readonly (() => unknown)[]) {
  const told: { finding: Finding; context: SinkContext }[] = [];
  const queue = [...answers];
  const sink: Sink = {
    name,
    type: "recording_sink",
    async post(finding, context) {
      told.push({ finding, context });
      await queue.shift()?.();
      return { number: String(told.length) };
    },
  };
  return { sink, told, titles: () => told.map(({ finding }) => `${finding.title} ${finding.status}`) };
}

interface EditingAnswers {
  readonly update?: () => MessageAddress | "gone";
  readonly find?: () => MessageAddress | "absent" | undefined;
  readonly reply?: () => MessageAddress | "gone";
}

/** One that can edit, find and reply. */
export function editingSink(name: string, answers: EditingAnswers = {}) {
  const recording = recordingSink(name);
  const replies: { address: MessageAddress; finding: Finding; context: SinkContext }[] = [];
  const edits: { address: MessageAddress; finding: Finding }[] = [];
  const sink: Sink = {
    ...recording.sink,
    async update(address, finding) {
      edits.push({ address, finding });
      return answers.update?.() ?? address;
    },
    async reply(address, finding, context) {
      replies.push({ address, finding, context });
      return answers.reply?.() ?? { number: `reply ${replies.length}` };
    },
    find: async () => answers.find?.(),
  };
  return { ...recording, sink, edits, replies };
}

export const failing = (options: ConstructorParameters<typeof SinkError>[1]) => () => {
  throw new SinkError("it said no", options);
};
