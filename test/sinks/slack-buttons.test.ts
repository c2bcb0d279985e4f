import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openOffer } from "../../src/buttons/sealed.ts";
import type { PressResult } from "../../src/delivery.ts";
import { type CallbackChoice, callback, markdown, type NewChoice } from "../../src/findings/blocks.ts";
import type { Enrichment } from "../../src/findings/finding.ts";
import { buttonMaker, withAnswer } from "../../src/sinks/slack-buttons.ts";
import { maxButtons } from "../../src/sinks/slack-limits.ts";
import type { SlackBlock } from "../../src/sinks/slack-message.ts";
import { renderBody, toMessage } from "../../src/sinks/slack-render.ts";
import { anyBlock, anyText } from "../helpers/any-block.ts";
import { findingOf } from "../helpers/findings.ts";
import { refusalOf } from "../helpers/slack-rules.ts";

const message = { cluster: "prod", key: "alert#0123456789abcdef", episode: "01A", sink: "slack", part: "default" };
const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const now = 1_785_580_867_000;
const day = 24 * 3_600_000;

const maker = (offer: (choice: CallbackChoice) => { destroys: boolean } | undefined = () => ({ destroys: false })) =>
  buttonMaker({
    sink: "slack",
    signingSecret,
    message,
    buttons: { offer: (_, choice) => offer(choice), now: () => now },
  });

const withChoices = (...choices: readonly NewChoice[]): Enrichment => ({
  title: "Now what",
  blocks: [callback(choices)],
});
const render = (enrichments: readonly Enrichment[], button = maker()) => {
  const found = findingOf({ enrichments });
  const { blocks, files } = renderBody(found, { maxFileBytes: 10_000, button });
  expect(refusalOf(toMessage(found, found, blocks))).toBeUndefined();
  return { blocks, files };
};
const buttonsIn = (blocks: readonly SlackBlock[]) =>
  blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));
const texts = (blocks: readonly SlackBlock[]) => JSON.stringify(blocks);

const press = (button: string, more: Partial<PressResult> = {}): PressResult => ({
  button,
  text: "Allow *more*",
  user: { id: "U012AB3CD", name: "ada" },
  run: "01R",
  outcome: "done",
  ...more,
});

describe("a choice as a button", () => {
  it("carries the action, its params, its target and its message, for a day", () => {
    const target = { kind: "Pod", metadata: { name: "api-1", namespace: "shop" } };
    const { blocks } = render([withChoices({ text: "Do it", action: "delete_pod", params: { now: true }, target })]);
    const [button] = buttonsIn(blocks);
    expect(button).toMatchObject({ text: { text: "Do it" }, action_id: "cortado-1" });
    expect(openOffer(signingSecret, button?.value ?? "")).toEqual({
      action: "delete_pod",
      params: { now: true },
      target: { kind: "Pod", name: "api-1", namespace: "shop" },
      message,
      button: "cortado-1",
      expires: now + day,
    });
  });

  it("has the same name in each rendering, whatever the others are", () => {
    const both = [withChoices({ text: "a", action: "a" }, { text: "b", action: "b" })];
    const onlyB = maker(({ action }) => (action === "b" ? { destroys: false } : undefined));
    expect(buttonsIn(render(both).blocks).map(({ action_id }) => action_id)).toEqual(["cortado-1", "cortado-2"]);
    expect(buttonsIn(render(both, onlyB).blocks).map(({ action_id }) => action_id)).toEqual(["cortado-2"]);
  });

  it("asks first, where it destroys something", () => {
    const { blocks } = render(
      [withChoices({ text: "Drain", action: "drain" })],
      maker(() => ({ destroys: true })),
    );
    expect(buttonsIn(blocks)).toMatchObject([{ style: "danger", confirm: { text: { text: "This runs drain." } } }]);
  });

  it.each<[string, readonly NewChoice[], number]>([
    ["where it is one of too many", Array.from({ length: 12 }, (_, n) => ({ text: `c${n}`, action: "a" })), maxButtons],
    [
      "where its params are too long for a button",
      [{ text: "long", action: "a", params: { text: "x".repeat(1_500) } }],
      0,
    ],
    ["where it is offered to nobody", [{ text: "secret", action: "hidden" }], 0],
  ])("stays a command %s", (_, choices, buttons) => {
    const { blocks } = render(
      [withChoices(...choices)],
      maker(({ action }) => (action === "hidden" ? undefined : { destroys: false })),
    );
    expect(buttonsIn(blocks)).toHaveLength(buttons);
    const left = choices.slice(buttons).map(({ text }) => text);
    for (const text of left) expect(texts(blocks)).toContain(`*${text}*`);
  });

  it("is a command in the file where the message has no room for it", () => {
    const words = Array.from({ length: 60 }, (_, n) => ({ blocks: [markdown(`${n} ${"word ".repeat(40)}`)] }));
    const { blocks, files } = render([...words, withChoices({ text: "Too late", action: "drain" })]);
    expect(buttonsIn(blocks)).toEqual([]);
    expect(files.at(-1)?.bytes.toString()).toContain("Too late: drain");
  });
});

describe("what came of a button", () => {
  const { blocks } = render([withChoices({ text: "a", action: "a" }, { text: "b", action: "b" })]);

  it("stands in its place, beside the others", () => {
    const answered = withAnswer(blocks, press("cortado-1")) ?? [];
    expect(buttonsIn(answered).map(({ text }) => text.text)).toEqual(["b"]);
    expect(texts(answered)).toContain("*Allow ∗more∗*, pressed by <@U012AB3CD>: done");
    const both = withAnswer(answered, press("cortado-2", { outcome: "failed", reason: "no `a`\nb" })) ?? [];
    expect(buttonsIn(both)).toEqual([]);
    expect(texts(both)).toContain("pressed by <@U012AB3CD>: failed: no `a` b");
  });

  it("is that it runs, until it has ended, and never afterwards", () => {
    const running = withAnswer(blocks, press("cortado-1", { outcome: "running" })) ?? [];
    expect(texts(running)).toContain(": running");
    const done = withAnswer(running, press("cortado-1")) ?? [];
    expect(texts(done)).toContain(": done");
    expect(texts(done)).not.toContain(": running");
    expect(withAnswer(done, press("cortado-1", { outcome: "running" }))).toBeUndefined();
  });

  it("names who pressed, whoever that says to be", () => {
    const user = { id: "<!channel>", name: "<!here> & co" };
    expect(texts(withAnswer(blocks, press("cortado-1", { user })) ?? [])).toContain(
      "pressed by &lt;!here&gt; &amp; co: done",
    );
  });
});

it("whatever a finding holds, Slack takes it with buttons, and with every one of them pressed", () => {
  const enrichments = fc.array(fc.record({ title: anyText, blocks: fc.array(anyBlock, { maxLength: 5 }) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(enrichments, anyText, fc.boolean(), (given, text, destroys) => {
      const { blocks } = render(
        given,
        maker(() => ({ destroys })),
      );
      const found = findingOf({ enrichments: given });
      const all = buttonsIn(blocks).reduce<readonly SlackBlock[]>(
        (shown, { action_id }) =>
          withAnswer(shown, press(action_id, { text, outcome: "failed", reason: text })) ?? shown,
        blocks,
      );
      expect(buttonsIn(all)).toEqual([]);
      expect(refusalOf(toMessage(found, found, all))).toBeUndefined();
    }),
    { numRuns: 60, seed: 20260801 },
  );
});
