/** The sink port: a destination that renders findings within its own limits. */
import type { MessageKey, PressResult } from "../delivery.ts";
import type { CallbackChoice } from "../findings/blocks.ts";
import type { Finding } from "../findings/finding.ts";

export interface Sink {
  readonly name: string;
  /** As in the configuration: `slack_sink`. */
  readonly type: string;
  /**
   * Posts a new message. Throws a SinkError that says whether trying again helps, and whether the message may have been posted.
   * The reference is what `update` needs to find it again.
   */
  post(finding: Finding, context: SinkContext): Promise<MessageAddress>;
  /**
   * Brings a message that was posted up to date (an alert that resolved). Absent where a destination cannot edit: then the finding
   * is posted anew. `gone`: the message cannot be edited any more.
   */
  update?(address: MessageAddress, finding: Finding, context: SinkContext): Promise<MessageAddress | "gone">;
  /**
   * Tells of an alert that fires on, beneath the message that was posted when it began, so that readers of that one see it too. Throws as
   * `post` does. Absent where a destination has no replies: then the finding is a message of its own. `gone`: there is no message any
   * more to reply to.
   */
  reply?(address: MessageAddress, finding: Finding, context: SinkContext): Promise<MessageAddress | "gone">;
  /**
   * Replaces all that a message says, as `update` does not: for one that sums others up. Throws as `post` does. Absent where a
   * destination cannot edit. `gone`: the message cannot be edited any more.
   */
  rewrite?(address: MessageAddress, finding: Finding, context: SinkContext): Promise<MessageAddress | "gone">;
  /**
   * Shows in a message what came of one of its buttons, in the button's place, and in its thread what was found. Throws as `post` does.
   * Absent where a destination has no buttons. `gone`: the message cannot be edited any more.
   */
  answer?(
    address: MessageAddress,
    press: PressResult,
    found: Finding,
    context: SinkContext,
  ): Promise<MessageAddress | "gone">;
  /**
   * Looks for a message whose posting had no known outcome. `absent`: it is certain that there is none. Undefined, or no such method:
   * nothing can tell.
   */
  find?(context: SinkContext, finding: Finding): Promise<MessageAddress | "absent" | undefined>;
}

/** Which choices may be buttons. */
export interface Buttons {
  /** Undefined where the choice is shown as a command. */
  offer(sink: string, choice: CallbackChoice): { readonly destroys: boolean } | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Where a message is: `{ channel, ts }` for Slack. Plain strings, kept in the state table. */
export type MessageAddress = Readonly<Record<string, string>>;

export interface SinkContext {
  /** Names the message, the same in every attempt: an idempotency key for those who take one. */
  readonly messageId: string;
  readonly signal: AbortSignal;
  /** True where an earlier attempt may have posted it already and nothing could tell. */
  readonly possiblyRepeated: boolean;
  /** The message itself, for its buttons; absent where it has none. */
  readonly message?: MessageKey | undefined;
  /** The message in whose thread it is posted or looked for; only where the sink has replies. */
  readonly beneath?: MessageAddress | undefined;
}
