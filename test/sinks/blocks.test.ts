/**
 * Every block in every sink, as it usually is and as it is not. What is rendered is in `__snapshots__/blocks`: read it before you keep it,
 * and run `vitest run --update=all` on this file to keep it.
 */
import { describe, expect, it } from "vitest";
import { type Samples, samples } from "../../infra/block-samples.ts";
import { inSlack, onConsole, sizeLimit, slackText, toFile, toWebhook } from "../../infra/shown-blocks.ts";
import type { Block } from "../../src/findings/blocks.ts";
import { refusalOf } from "../helpers/slack-rules.ts";

type Case = readonly [name: string, size: keyof Samples<Block>, block: Block];

const sizes = ["usual", "empty", "odd", "huge"] as const;
const cases: readonly Case[] = Object.entries(samples).flatMap(([type, sample]: [string, Samples<Block>]) =>
  sizes.map((size) => [type, size, sample[size]] as const),
);

/** Of long texts the beginning and the end. */
const most = 300;
const short = (text: string) =>
  text.length <= 2 * most ? text : `${text.slice(0, most)}\n[… ${text.length - 2 * most} more …]\n${text.slice(-most)}`;

function slack(block: Block): string {
  const { blocks, files, pictures } = inSlack(block);
  return [
    ...blocks.map((shown) => `[${shown.type}]\n${short(slackText(shown))}`),
    ...files.map(({ name, bytes }) => `[file ${name}, ${bytes.length} bytes]\n${short(bytes.toString())}`),
    ...pictures.map((name) => `[picture ${name}]`),
  ].join("\n\n");
}

const sinks: Readonly<Record<string, (block: Block) => string | Promise<string>>> = {
  slack,
  console: (block) => short(onConsole(block)),
  "webhook, text": (block) => short(toWebhook(block, { format: "text", slack_webhook: false })),
  "webhook, JSON": (block) => short(toWebhook(block, { format: "json", slack_webhook: false })),
  "webhook, for Slack's": (block) => short(toWebhook(block, { format: "text", slack_webhook: true })),
  file: async (block) => short(await toFile(block)),
};

/** Control characters as their numbers, so that the snapshots stay text. */
const visible = (text: string) =>
  text.replace(/[^\P{Cc}\n]/gu, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);

const headed = (title: string, text: string) => `${"=".repeat(20)} ${title}\n${visible(text).trimEnd()}\n`;

describe("every block is shown by every sink", () => {
  it.each(cases)("%s, %s", async (type, size, block) => {
    const shown = Object.entries(sinks).map(async ([name, show]) => headed(name, await show(block)));
    await expect((await Promise.all(shown)).join("\n")).toMatchFileSnapshot(`__snapshots__/blocks/${type}-${size}.txt`);
  });

  it.each(cases)("%s, %s, within the sinks' limits", (_, __, block) => {
    expect(refusalOf(inSlack(block).message)).toBeUndefined();
    for (const format of ["text", "json"] as const)
      for (const slack_webhook of [true, false])
        expect(Buffer.byteLength(toWebhook(block, { format, slack_webhook }))).toBeLessThanOrEqual(sizeLimit);
  });
});
