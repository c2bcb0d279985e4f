/** What came of a button: shown in its message, which is edited as often as it takes. */
import type { PressResult } from "../delivery.ts";
import type { Messages } from "../state/state.ts";
import { bounded, failure, type MessageOutcome, type MessageTask } from "./message.ts";

/** Never throws. */
export async function answerPress(task: MessageTask, press: PressResult, messages: Messages): Promise<MessageOutcome> {
  const { sink, key, finding, existing, owner } = task;
  if (sink.answer === undefined) return { outcome: "skipped", reason: `${sink.name} has no buttons` };
  const address = existing?.reference;
  // Whoever posted it was interrupted before it could say where, and comes again.
  if (address === undefined)
    return { outcome: "failed", reason: "nobody knows yet where its message is", retryable: true };
  try {
    const answered = await bounded(task, (context) => sink.answer?.(address, press, finding, context), false);
    if (answered === undefined || answered === "gone") {
      return { outcome: "skipped", reason: "the message cannot be edited any more" };
    }
    await messages.posted(key, owner, answered);
    return { outcome: "edited" };
  } catch (error) {
    return failure(error, task.signal);
  }
}
