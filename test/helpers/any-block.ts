/** Any block at all, with texts that break renderers. */
import fc from "fast-check";
import type { Block, Json } from "../../src/findings/blocks.ts";
import * as blocks from "../../src/findings/blocks.ts";
import { graph } from "../../src/findings/graph.ts";
import { scan, scanSeverities } from "../../src/findings/scan.ts";

/** Pieces that break renderers. */
const hostile = fc.constantFrom(
  "```",
  "`",
  "<!channel>",
  "<!here|x>",
  "<https://example.com|",
  "<https://example.com/a?b&c|name>",
  "&",
  "&amp;",
  "<",
  ">",
  "\n",
  "\n\n",
  "\u{1F525}",
  "\ud83d",
  "\udd25",
  "|",
  "*",
  "_",
  "\u001b[31m",
  "\u0000",
  " ",
  "word ",
  "a".repeat(149),
  "b".repeat(2_990),
  '"\\'.repeat(700),
);

/** Any text, up to some thousand characters. */
export const anyText = fc
  .array(fc.oneof(hostile, fc.string({ unit: "binary", maxLength: 20 })), { maxLength: 30 })
  .map((parts) => parts.join(""));
const texts = fc.array(anyText, { maxLength: 12 });
/** But for a key that zod leaves out of what it reads, for safety's sake. */
const anyJson = fc
  .jsonValue()
  .filter((value) => !JSON.stringify(value).includes("__proto__"))
  .map((value) => value as Json);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(
    value.map((found) => ({ [key]: found })),
    { nil: {} },
  );

const row = fc
  .tuple(
    fc.constantFrom(...scanSeverities),
    texts,
    ...["scope", "kind", "namespace", "name", "container"].map((key) => optional(key, anyText)),
  )
  .map(([severity, found, ...named]) => ({ severity, found, ...Object.assign({}, ...named) }));

export const blocksOfType: { readonly [T in Block["type"]]: fc.Arbitrary<Extract<Block, { type: T }>> } = {
  markdown: anyText.map(blocks.markdown),
  header: anyText.map(blocks.header),
  divider: fc.constant(blocks.divider()),
  list: texts.map(blocks.list),
  table: fc
    .tuple(
      texts,
      fc.array(texts, { maxLength: 40 }),
      optional("name", anyText),
      optional("layout", fc.constantFrom("horizontal" as const, "vertical" as const)),
      optional("widths", fc.array(number, { maxLength: 12 })),
      fc.boolean(),
    )
    .map(([headers, rows, name, layout, widths, dates]) => {
      const formats = dates
        ? { formats: Object.fromEntries(headers.map((header) => [header, "datetime" as const])) }
        : {};
      return blocks.table(headers, rows, { ...name, ...layout, ...widths, ...formats });
    }),
  file: fc.oneof(
    fc.tuple(anyText, fc.oneof(anyText, fc.uint8Array())).map(([name, contents]) => blocks.file(name, contents)),
    fc.tuple(anyText, anyText).map(([name, remarks]) => blocks.emptyFile(name, remarks)),
  ),
  json: anyJson.map(blocks.json),
  links: fc
    .array(fc.record({ text: anyText, url: fc.oneof(anyText, fc.webUrl()) }), { maxLength: 30 })
    .map(blocks.links),
  diff: fc
    .tuple(
      anyText,
      fc.array(
        fc
          .tuple(anyText, optional("before", anyJson), optional("after", anyJson))
          .map(([path, before, after]) => ({ path, ...before, ...after })),
      ),
      fc.constantFrom("create" as const, "update" as const, "delete" as const),
    )
    .map(([name, changes, operation]) => blocks.diff(name, changes, operation)),
  events: fc
    .tuple(
      anyText,
      fc.array(fc.record({ type: anyText, reason: anyText, message: anyText, count: fc.nat(), lastSeen: anyText }), {
        maxLength: 30,
      }),
    )
    .map(([name, rows]) => blocks.events(name, rows)),
  graph: fc
    .tuple(
      anyText,
      fc.array(fc.record({ name: anyText, points: fc.array(fc.tuple(fc.nat(), number), { maxLength: 20 }) }), {
        maxLength: 8,
      }),
      fc.array(fc.record({ name: anyText, value: number }), { maxLength: 3 }),
    )
    .map(([title, series, lines]) => graph(title, series, { lines })),
  callback: fc
    .array(
      fc.record({
        text: anyText,
        action: anyText,
        params: fc.dictionary(anyText, anyJson, { maxKeys: 4 }),
        target: fc.record({ kind: anyText, metadata: fc.record({ name: anyText, namespace: anyText }) }),
      }),
      { maxLength: 12 },
    )
    .map(blocks.callback),
  scan: fc
    .tuple(anyText, anyText, fc.integer(), fc.integer(), optional("score", number), fc.array(row, { maxLength: 30 }))
    .map(([title, scanner, startedAt, endedAt, score, rows]) =>
      scan({ title, scanner, startedAt, endedAt, ...score, rows }),
    ),
  analysis: fc
    .tuple(
      anyText,
      fc.array(fc.record({ title: anyText, text: anyText }), { maxLength: 5 }),
      fc.array(fc.record({ tool: anyText, description: anyText, result: anyText }), { maxLength: 5 }),
    )
    .map(([text, sections, evidence]) => blocks.analysis(text, { sections, evidence })),
};

export const anyBlock: fc.Arbitrary<Block> = fc.oneof(...Object.values(blocksOfType));
