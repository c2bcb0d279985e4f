/** What a reader sees of a message at Slack, for whoever reads the output of the tests. */
import type { FakeMessage } from "../helpers/fake-slack-methods.ts";

export function shownLines({ blocks, attachments }: FakeMessage): string[] {
  const all = [...blocks, ...attachments.flatMap(({ blocks: attached = [] }) => attached)];
  return all.flatMap(textsIn).flatMap((text) => asShown(text).split("\n"));
}

/** The texts in a block, in their order. */
function textsIn(block: unknown): string[] {
  const { type, text, elements = [] } = Object(block);
  if (typeof text === "string") return [text];
  if (type === "divider") return ["---"];
  return [text, ...elements].flatMap((part) => (part === undefined ? [] : textsIn(part)));
}

/** Dates and links are written `<what|shown>`. https://docs.slack.dev/messaging/formatting-message-text */
const asShown = (text: string): string =>
  text
    .replace(/<[^<>|]+\|([^<>]*)>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
