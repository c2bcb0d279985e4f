/** The names of messages within an episode and a sink, and which of them are replies to which. */
import type { MessageReference } from "../state/state.ts";
import type { Sink } from "./sink.ts";

/** Of the event's own finding. */
export const defaultPart = "default";

/** The name of a resolution where it is a message of its own. */
export const resolvedPart = (part: string) => `${part}~resolved`;

/** The name of what is told when an alert fires on, for the nth time. */
export const repeatedPart = (part: string, repeat: number) => `${part}~${repeat}`;

const repeated = /~\d+$/;

/** The name of what is repeated. */
export const originalPart = (part: string) => part.replace(repeated, "");

/** The message that a sink has of the part, else its first one; replies are none. */
export function originalOf(
  existing: readonly MessageReference[],
  sink: Sink,
  part: string,
): PostedReference | undefined {
  const posted = originals(existing, sink).filter(isPosted);
  const wanted = originalPart(part);
  const named = (name: string) => posted.find(({ key }) => key.part === name);
  return named(wanted) ?? named(defaultPart) ?? posted[0];
}

/** The messages of an episode at a sink, without the replies beneath them. */
export const originals = (existing: readonly MessageReference[], sink: Sink): readonly MessageReference[] =>
  existing.filter(({ key }) => key.sink === sink.name && !isReply(sink, key.part));

/** Where a sink has replies, every repeat is one. */
export const isReply = (sink: Sink, part: string): boolean => sink.reply !== undefined && repeated.test(part);

export type PostedReference = MessageReference & { readonly reference: NonNullable<MessageReference["reference"]> };

const isPosted = (message: MessageReference): message is PostedReference => message.reference !== undefined;
