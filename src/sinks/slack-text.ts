/**
 * Text for Slack's mrkdwn. https://docs.slack.dev/messaging/formatting-message-text
 */
import { ellipsis, headOf } from "./fit-text.ts";
import { printable } from "./printable.ts";
import { timeWords } from "./wording.ts";

/** Untrusted text that is to be shown as it is: `&`, `<` and `>` are entities. */
export const escapeText = (text: string): string =>
  printable(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * What an author's markdown may have between brackets: links, dates, people and channels, and a group by nothing but its id, so that
 * it is seen which. Mass mentions are not among them.
 */
const allowedToken = /^<(?:(?:https?:\/\/|mailto:|@[UW][A-Z0-9]|#C[A-Z0-9]|!date\^)[^<>\n]*|!subteam\^S[A-Z0-9]{7,})>$/;

/**
 * An author's mrkdwn as Slack can take it: links and entities stay; mass mentions and brackets that are none of Slack's are shown as
 * they are written.
 */
export function safeMarkdown(text: string): string {
  return printable(text).replace(/(^>+)|<[^<>\n]*>|&(?!(?:amp|lt|gt);)|[<>]/gm, (found, quote) => {
    // At the start of a line `>` quotes; anywhere else it is only a character.
    if (quote !== undefined || allowedToken.test(found)) return found;
    return escapeBrackets(found);
  });
}

const escapeBrackets = (text: string): string =>
  text
    .replace(/&(?!(?:amp|lt|gt);)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

/** What must not be cut in two: links, entities, fences, characters. */
const unit = /<[^<>\n]*>|&(?:amp|lt|gt);|```|[\s\S]/gu;
const fence = "```";
const cutMark = "…";

/** Safe mrkdwn of at most `maxLength` UTF-16 units: never ends within a link, an entity or an open fence. */
export function fitMarkdown(text: string, maxLength: number): string {
  const closed = closeFence(text);
  if (closed.length <= maxLength) return closed;
  const room = maxLength - cutMark.length - `\n${fence}`.length;
  let end = 0;
  for (const { 0: found, index } of text.matchAll(unit)) {
    if (index + found.length > room) break;
    end = index + found.length;
  }
  return closeFence(`${text.slice(0, end)}${cutMark}`);
}

function closeFence(text: string): string {
  const fences = text.split(fence).length - 1;
  return fences % 2 === 0 ? text : `${text}\n${fence}`;
}

/** A fence within what must not open or close one. */
const breakFences = (text: string): string => text.replaceAll(fence, `\`${zeroWidthSpace}\`${zeroWidthSpace}\``);
const zeroWidthSpace = "\u200b";

/** Untrusted text in one line among mrkdwn. */
export const inlineText = (text: string): string => breakFences(escapeText(text).replaceAll("\n", " "));

/** Lines of plain text as a code block of at most `maxLength` UTF-16 units; undefined where they do not fit. */
export function codeBlock(lines: readonly string[], maxLength: number): string | undefined {
  const text = breakFences(escapeText(lines.join("\n")));
  const block = `${fence}\n${text}\n${fence}`;
  return block.length <= maxLength ? block : undefined;
}

/** A link, where the address is one; else its name and address as text. */
export function slackLink(text: string, url: string): string {
  const name = inlineText(text);
  if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return url === "" ? name : `${name}: ${inlineText(url)}`;
  const address = printable(url)
    .replace(/[<>|\s]/g, encodeURIComponent)
    .replaceAll("&", "&amp;");
  return `<${address}|${name.replaceAll("|", "¦") || address}>`;
}

/** Plain text for headers and fallbacks, in one line. */
export const oneLine = (text: string, maxLength: number): string => {
  const line = printable(headOf(text, maxLength * 4))
    .replace(/\s+/g, " ")
    .trim();
  return ellipsis(line, maxLength);
};

/**
 * A time, in milliseconds since the epoch, in the reader's own time zone.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function slackTime(milliseconds: number): string {
  const fallback = timeWords(milliseconds);
  if (fallback === undefined) return "an unknown time";
  return `<!date^${Math.floor(milliseconds / 1_000)}^{date_short_pretty} {time_secs}|${fallback}>`;
}
