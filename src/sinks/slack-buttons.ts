/** Choices as buttons, and what stands in their place once they were pressed. */
import { type Offer, sealOffer } from "../buttons/sealed.ts";
import { actionPrefix } from "../buttons/slack-payload.ts";
import type { MessageKey, PressResult } from "../delivery.ts";
import type { CallbackChoice } from "../findings/blocks.ts";
import { commandWords, targetWords } from "./block-words.ts";
import type { Buttons } from "./sink.ts";
import { maxAnswer, maxButtons, maxButtonText, maxConfirmText, maxConfirmTitle } from "./slack-limits.ts";
import { context, plainText, type SlackBlock, type SlackButton } from "./slack-message.ts";
import { escapeText, fitMarkdown, inlineText, oneLine } from "./slack-text.ts";

/** How long a button can be pressed, in milliseconds. */
const lifetime = 24 * 3_600_000;

export interface ButtonOptions {
  readonly sink: string;
  readonly signingSecret: string;
  readonly message: MessageKey;
  readonly buttons: Buttons;
}

/** Makes a choice a button; undefined for what cannot be one. */
export type MakeButton = (choice: CallbackChoice) => SlackButton | undefined;

/** For one rendering of one message: the same choices get the same names in each. */
export function buttonMaker({ sink, signingSecret, message, buttons }: ButtonOptions): MakeButton {
  let seen = 0;
  return (choice) => {
    seen += 1;
    const offered = seen > maxButtons ? undefined : buttons.offer(sink, choice);
    if (offered === undefined) return undefined;
    const { action, params, target } = choice;
    const button = `${actionPrefix}${seen}`;
    const offer: Offer = {
      action,
      params,
      ...(target === undefined ? {} : { target }),
      message,
      button,
      expires: buttons.now() + lifetime,
    };
    const value = sealOffer(signingSecret, offer);
    if (value === undefined) return undefined;
    return {
      type: "button",
      action_id: button,
      text: plainText(oneLine(choice.text, maxButtonText) || oneLine(action, maxButtonText) || "Run it"),
      value,
      ...(offered.destroys ? { style: "danger", confirm: confirmation(choice) } : {}),
    };
  };
}

/** Slack asks before it sends the press. https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
const confirmation = (choice: CallbackChoice): NonNullable<SlackButton["confirm"]> => ({
  title: plainText(oneLine(choice.text, maxConfirmTitle) || "Are you sure?"),
  text: plainText(oneLine(`This runs ${commandWords(choice)}${targetWords(choice)}.`, maxConfirmText)),
  confirm: plainText("Run it"),
  deny: plainText("Cancel"),
  style: "danger",
});

/** The blocks with what came of a button in its place; undefined where they say it, or more than that, already. */
export function withAnswer(blocks: readonly SlackBlock[], press: PressResult): readonly SlackBlock[] | undefined {
  const id = `answer-${press.button}`;
  const line: SlackBlock = { ...context(answerText(press)), block_id: id };
  const told = blocks.findIndex((block) => block.type === "context" && block.block_id === id);
  if (told !== -1) return press.outcome === "running" ? undefined : blocks.with(told, line);
  return blocks.flatMap((block): readonly SlackBlock[] => {
    if (block.type !== "actions") return [block];
    const elements = block.elements.filter(({ action_id }) => action_id !== press.button);
    if (elements.length === block.elements.length) return [block];
    return elements.length === 0 ? [line] : [{ ...block, elements }, line];
  });
}

function answerText({ text, user, outcome, reason }: PressResult): string {
  const who = /^[UW][A-Z0-9]+$/.test(user.id) ? `<@${user.id}>` : escapeText(user.name);
  const why = reason === undefined ? "" : `: ${inlineText(reason)}`;
  return fitMarkdown(
    `*${inlineText(text).replaceAll("*", "∗").trim() || "A button"}*, pressed by ${who}: ${outcome}${why}`,
    maxAnswer,
  );
}
