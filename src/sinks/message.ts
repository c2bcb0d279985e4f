/** One message at one sink: posted once, then edited; or posted once beneath another, and left as it is. */
import { createHash } from "node:crypto";
import type { MessageKey } from "../delivery.ts";
import { describeError, isCortadoError, SinkError } from "../errors.ts";
import type { Finding } from "../findings/finding.ts";
import type { MessageReference, Messages } from "../state/state.ts";
import type { PostedReference } from "./parts.ts";
import type { MessageAddress, Sink, SinkContext } from "./sink.ts";

export interface MessageTask {
  readonly sink: Sink;
  readonly key: MessageKey;
  readonly finding: Finding;
  /** The message as far as it is known to be there. */
  readonly existing: MessageReference | undefined;
  /** The message that it is a reply to. */
  readonly replyTo?: PostedReference | undefined;
  /** The message in whose thread it is posted. */
  readonly beneath?: MessageAddress | undefined;
  readonly owner: string;
  readonly signal: AbortSignal;
}

export type MessageOutcome =
  | { readonly outcome: "posted" | "edited"; readonly reason?: string }
  | { readonly outcome: "skipped"; readonly reason: string }
  | {
      readonly outcome: "failed";
      readonly reason: string;
      readonly retryable: boolean;
      readonly busy?: boolean | undefined;
      readonly retryAfterSeconds?: number | undefined;
    };

/** The name of a message, the same in every attempt and safe in a header: 128 bits in hex. */
export function messageId({ cluster, key, episode, sink, part }: MessageKey): string {
  const name = [cluster, key, episode, sink, part].map(encodeURIComponent).join("#");
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

/** Posts the message, or edits the one that is there. Never throws. */
export async function deliverMessage(task: MessageTask, messages: Messages): Promise<MessageOutcome> {
  try {
    task.signal.throwIfAborted();
    if (task.existing?.reference !== undefined) return await edit(task, task.existing.reference, messages);
    return await reserveAndPost(task, messages);
  } catch (error) {
    return failure(error, task.signal);
  }
}

async function reserveAndPost(task: MessageTask, messages: Messages): Promise<MessageOutcome> {
  const reserved = await messages.reserve(task.key, task.owner);
  if (reserved === "busy") {
    return { outcome: "failed", reason: "another worker is posting it", retryable: true, busy: true };
  }
  if (typeof reserved === "object") {
    return reserved.reference === undefined ? alreadyPosted : await edit(task, reserved.reference, messages);
  }
  return reserved === "retry" ? await postAgain(task, messages) : await postFirst(task, messages);
}

const alreadyPosted: MessageOutcome = { outcome: "skipped", reason: "posted already" };

async function postFirst(task: MessageTask, messages: Messages): Promise<MessageOutcome> {
  const { key, owner } = task;
  try {
    await messages.posted(key, owner, await post(task, messages, false));
    return { outcome: "posted" };
  } catch (error) {
    // Where the reservation cannot be given back it expires by itself, and the reason that counts is the first.
    if (nothingWasPosted(error, task.signal)) await messages.abandon(key, owner).catch(() => undefined);
    throw error;
  }
}

/** An earlier attempt may have posted it. The reservation stays when this one fails too, as that is still not known then. */
async function postAgain(task: MessageTask, messages: Messages): Promise<MessageOutcome> {
  const { key, owner, sink, finding } = task;
  const found = await bounded(task, (context) => sink.find?.(context, finding), true);
  if (found === "absent") {
    await messages.posted(key, owner, await post(task, messages, false));
    return { outcome: "posted" };
  }
  if (found === undefined) {
    await messages.posted(key, owner, await post(task, messages, true));
    return { outcome: "posted", reason: "possibly repeated: the outcome of an earlier attempt is not known" };
  }
  await messages.posted(key, owner, found);
  const outcome = await edit(task, found, messages);
  return outcome.outcome === "skipped" ? { outcome: "posted", reason: "found, from an earlier attempt" } : outcome;
}

async function edit(task: MessageTask, address: MessageAddress, messages: Messages): Promise<MessageOutcome> {
  const { key, owner, sink, finding, replyTo } = task;
  if (finding.status !== "resolved" || sink.update === undefined || replyTo !== undefined) return alreadyPosted;
  const updated = await bounded(task, (context) => sink.update?.(address, finding, context), false);
  if (updated !== "gone") {
    await messages.posted(key, owner, updated ?? address);
    return { outcome: "edited" };
  }
  await messages.posted(key, owner, await post(task, messages, false));
  return { outcome: "posted", reason: "the message before it cannot be edited any more" };
}

/** A reply whose message is gone takes its place. */
async function post(task: MessageTask, messages: Messages, possiblyRepeated: boolean): Promise<MessageAddress> {
  const { sink, finding, owner, replyTo } = task;
  const above = sink.reply === undefined ? undefined : replyTo;
  if (above !== undefined) {
    const reply = (context: SinkContext) => sink.reply?.(above.reference, finding, context);
    const replied = (await bounded(task, reply, possiblyRepeated)) ?? {};
    if (replied !== "gone") return replied;
  }
  const address = (await bounded(task, (context) => sink.post(finding, context), possiblyRepeated)) ?? {};
  if (above !== undefined) await messages.posted(above.key, owner, address);
  return address;
}

/** Runs a sink's call, but no longer than the signal allows, whatever the sink makes of the signal. */
export async function bounded<T>(
  { key, signal, sink, beneath }: Pick<MessageTask, "key" | "signal" | "sink" | "beneath">,
  call: (context: SinkContext) => Promise<T> | undefined,
  possiblyRepeated: boolean,
): Promise<T | undefined> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    aborted.reject(
      new SinkError(`${sink.name} did not answer before the delivery had to end`, {
        retryable: true,
        outcomeUnknown: true,
      }),
    );
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([
      call({ messageId: messageId(key), signal, possiblyRepeated, beneath, message: key }),
      aborted.promise,
    ]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

const nothingWasPosted = (error: unknown, signal: AbortSignal): boolean =>
  isSinkError(error) ? !error.outcomeUnknown : error === signal.reason;

const isSinkError = (error: unknown): error is SinkError => isCortadoError(error) && error.name === "SinkError";

export function failure(error: unknown, signal: AbortSignal): MessageOutcome {
  if (isSinkError(error)) {
    const { retryable, retryAfterSeconds } = error;
    return { outcome: "failed", reason: describeError(error), retryable, retryAfterSeconds };
  }
  if (signal.aborted) return { outcome: "failed", reason: "the delivery had to end before", retryable: true };
  // What is no SinkError is our own infrastructure's failure or a defect of the sink: worth another try, within the age limit.
  return { outcome: "failed", reason: describeError(error), retryable: true };
}
