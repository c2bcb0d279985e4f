/**
 * Findings that are summed up (`grouping`, `summary`): one message for each group and interval, posted once and then edited; the
 * findings' own messages are in its thread, or are not posted at all. One worker edits at a time, so that no edit undoes a later one.
 */
import { createHash } from "node:crypto";
import type { MessageKey } from "../delivery.ts";
import type { Groups, Membership, MessageReference, Messages } from "../state/state.ts";
import { type Grouping, groupName, traitsOf } from "./grouping.ts";
import { bounded, deliverMessage, failure, type MessageOutcome, type MessageTask, messageId } from "./message.ts";
import { originalPart, type PostedReference } from "./parts.ts";
import { entryOf, summaryFinding } from "./summary-finding.ts";

type Summary = NonNullable<Grouping["notification_mode"]["summary"]>;

export interface SummaryDependencies {
  readonly messages: Messages;
  readonly groups: Groups;
}

/** One finding, and the summary that it is in. */
interface Telling extends SummaryDependencies {
  readonly task: MessageTask;
  readonly summary: Summary;
  readonly membership: Membership;
}

/** Tells of one finding in the summary of its group. Never throws. */
export async function tellInSummary(
  task: MessageTask,
  grouping: Grouping,
  summary: Summary,
  dependencies: SummaryDependencies,
): Promise<MessageOutcome> {
  try {
    const membership = await enter(task, grouping, summary, dependencies.groups);
    if (membership === undefined) return await deliverMessage(task, dependencies.messages);
    const telling = { ...dependencies, task, summary, membership };
    const above = await findOrPost(telling);
    if ("outcome" in above) return above;
    const own = await tellItself(telling, above);
    if (own.outcome === "failed") return own;
    return (await bringUpToDate(telling)) ?? own;
  } catch (error) {
    return failure(error, task.signal);
  }
}

/** Undefined for what was posted before there were summaries. */
async function enter(
  { sink, key, finding, existing }: MessageTask,
  { group_by, interval }: Grouping,
  { by }: Summary,
  groups: Groups,
): Promise<Membership | undefined> {
  const message = messageId({ ...key, part: originalPart(key.part) });
  const known = await groups.membership(sink.name, message);
  if (known === undefined && existing?.reference !== undefined) return;
  const group = groupName(sink.name, traitsOf(finding, group_by));
  const membership = await groups.join(group, message, { seconds: interval, entry: entryOf(finding, by) });
  if (finding.status === "resolved") await groups.resolve(membership, message);
  return membership;
}

/** A group may be of several clusters. */
const ledgerOf = ({ membership: { group } }: Telling) => {
  const hash = createHash("sha256").update(JSON.stringify(group)).digest("hex").slice(0, 32);
  return { cluster: "", key: `group#${hash}` };
};

const keyOf = (telling: Telling, part: string): MessageKey => ({
  ...ledgerOf(telling),
  episode: String(telling.membership.interval),
  sink: telling.task.sink.name,
  part,
});

const name = "summary";
const editing = "editing";

/** The summary that is not gone; undefined with the part that the next one is to have. */
async function current(
  telling: Telling,
): Promise<{ readonly part: string; readonly posted: PostedReference | undefined }> {
  const { episode, sink } = keyOf(telling, name);
  const all = await telling.messages.list(ledgerOf(telling), episode);
  const summaries = all.filter(({ key }) => key.sink === sink && key.part.startsWith(name));
  const gone = summaries.filter(({ reference }) => reference?.gone !== undefined).length;
  const part = gone === 0 ? name : `${name}#${gone + 1}`;
  return { part, posted: summaries.filter(isPosted).find(({ key }) => key.part === part) };
}

const isPosted = (message: MessageReference): message is PostedReference => message.reference !== undefined;

async function findOrPost(telling: Telling): Promise<PostedReference | MessageOutcome> {
  const { task, messages } = telling;
  const { part, posted } = await current(telling);
  if (posted !== undefined) return posted;
  const { finding, digest } = await contents(telling);
  const key = keyOf(telling, part);
  const { sink, owner, signal } = task;
  // As it fires: what is posted already is not to be edited here.
  const first = { sink, owner, signal, key, finding: { ...finding, status: "firing" as const }, existing: undefined };
  const outcome = await deliverMessage(first, messages);
  if (outcome.outcome === "failed") return { ...outcome, reason: `the summary: ${outcome.reason}` };
  const { posted: now } = await current(telling);
  if (now === undefined) return { outcome: "failed", reason: "the summary is gone", retryable: true, busy: true };
  const isUpToDate = outcome.outcome === "posted" && outcome.reason === undefined && finding.status === "firing";
  if (isUpToDate) await messages.posted(key, owner, { ...now.reference, shown: digest });
  return now;
}

async function contents({ groups, membership, summary }: Telling) {
  const finding = summaryFinding(membership, summary.by, await groups.members(membership));
  return { finding, digest: createHash("sha256").update(JSON.stringify(finding)).digest("hex").slice(0, 16) };
}

async function tellItself({ task, summary, messages }: Telling, above: PostedReference): Promise<MessageOutcome> {
  if (summary.threaded) return await deliverMessage({ ...task, beneath: above.reference }, messages);
  if (task.existing?.reference !== undefined) return await deliverMessage(task, messages);
  await messages.ignore(task.key);
  return { outcome: "skipped", reason: "it is in its group's summary, and has no message of its own" };
}

const busy: MessageOutcome = {
  outcome: "failed",
  reason: "another worker is editing the summary",
  retryable: true,
  busy: true,
};

/** Undefined where the summary says how things are, else why it does not yet. */
async function bringUpToDate(telling: Telling): Promise<MessageOutcome | undefined> {
  const { task, messages } = telling;
  const { digest } = await contents(telling);
  const { posted } = await current(telling);
  if (posted?.reference.shown === digest) return;
  const lock = keyOf(telling, editing);
  const reserved = await messages.reserve(lock, task.owner);
  if (reserved !== "reserved" && reserved !== "retry") return busy;
  try {
    return await editUntilUpToDate(telling);
  } finally {
    // Where it cannot be given back it expires by itself.
    await messages.abandon(lock, task.owner).catch(() => undefined);
  }
}

/** Others may enter while it is edited; those that come after that many edits come again. */
const mostEdits = 5;

async function editUntilUpToDate(telling: Telling): Promise<MessageOutcome | undefined> {
  const { task, messages } = telling;
  for (let edits = 0; edits < mostEdits; edits += 1) {
    const above = await findOrPost(telling);
    if ("outcome" in above) return above;
    const { finding, digest } = await contents(telling);
    const { key, reference } = above;
    if (reference.shown === digest) return;
    const { shown: _, ...address } = reference;
    const rewritten = await bounded(
      { ...task, key, beneath: undefined },
      (context) => task.sink.rewrite?.(address, finding, context),
      false,
    );
    // The next one has another name, as this one's is taken.
    const written =
      rewritten === "gone" ? { ...reference, gone: "true" } : { ...(rewritten ?? address), shown: digest };
    await messages.posted(key, task.owner, written);
  }
  return busy;
}
