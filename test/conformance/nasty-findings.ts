/** Findings that break sinks: too long, too many, empty, hostile, or all of it. */

import type { Block } from "../../src/findings/blocks.ts";
import * as blocks from "../../src/findings/blocks.ts";
import type { Finding } from "../../src/findings/finding.ts";
import { graph } from "../../src/findings/graph.ts";
import { scan } from "../../src/findings/scan.ts";
import { crashLoop, findingOf, resolvedOf } from "../helpers/findings.ts";

const withBlocks = (...all: readonly Block[]): Finding => findingOf({ enrichments: [{ title: "Found", blocks: all }] });
/** Two UTF-16 units a character, so that every second place to cut is a wrong one. */
const emoji = "\u{1F525}";
const ticks = (count: number) => Array.from({ length: count }, (_, n) => [n * 15_000, (n * 7_919) % 1_009] as const);
const long = (text: string, length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length);

export const nastyFindings: readonly (readonly [name: string, finding: Finding])[] = [
  [
    "nothing but what it must have",
    findingOf({ title: "", subject: { name: "", kind: "none", labels: {}, annotations: {} }, cluster: "" }),
  ],
  ["a crash loop", crashLoop()],
  ["a resolution", resolvedOf({ enrichments: crashLoop().enrichments })],
  ["a resolution before its start", resolvedOf({ endsAt: 0 })],
  ["times that no date can hold", resolvedOf({ startsAt: -9e15, endsAt: 9e15 })],
  [
    "200 enrichments",
    findingOf({
      enrichments: Array.from({ length: 200 }, (_, n) => ({
        title: `Found ${n}`,
        blocks: [blocks.markdown(`part ${n} of 200`)],
      })),
    }),
  ],
  [
    "200 enrichments of 3,000 characters",
    findingOf({
      enrichments: Array.from({ length: 200 }, () => ({ blocks: [blocks.markdown(long("words ", 3_000))] })),
    }),
  ],
  ["60 files", withBlocks(...Array.from({ length: 60 }, (_, n) => blocks.file(`pod-${n}.log`, `log ${n}`)))],
  [
    "60 dividers and headers",
    withBlocks(...Array.from({ length: 60 }, () => [blocks.divider(), blocks.header("next")]).flat()),
  ],
  [
    "a table of 5,000 lines",
    withBlocks(
      blocks.table(
        ["n", "text"],
        Array.from({ length: 5_000 }, (_, n) => [String(n), "row"]),
        "All",
      ),
    ),
  ],
  ["a table of 60 columns", withBlocks(blocks.table(long("x,", 120).split(","), [long("y,", 120).split(",")]))],
  [
    "a table without rows or headers",
    withBlocks(blocks.table([], []), blocks.table(["a"], []), blocks.table([], [[""], []])),
  ],
  [
    "annotations of 70 KB",
    findingOf({
      description: long("All is lost. ", 70_000),
      subject: { ...findingOf().subject, annotations: { a: long("x", 70_000) } },
    }),
  ],
  ["a title of 70 KB", findingOf({ title: long(`${emoji} on fire `, 70_000) })],
  [
    "names of 70 KB",
    findingOf({
      subject: { ...findingOf().subject, name: long("n", 70_000) },
      cluster: long("c", 70_000),
      aggregationKey: long("k", 70_000),
    }),
  ],
  [
    "links that are no links, and long ones",
    findingOf({
      links: [
        { name: "a|b>c", url: "not a url" },
        { name: "", url: "" },
        { name: "x", url: `https://x/${long("y<|>", 5_000)}` },
        { name: "q", url: "javascript:alert(1)" },
      ],
    }),
  ],
  [
    "500 links",
    findingOf({
      links: Array.from({ length: 500 }, (_, n) => ({ name: `link ${n}`, url: `https://example.com/${n}?a=1&b=2` })),
    }),
  ],
  ["300 notes", findingOf({ notes: Array.from({ length: 300 }, (_, n) => `note ${n} & more <than> that`) })],
  ...[148, 149, 150, 151, 2_996, 2_997, 2_998, 2_999, 3_000, 3_001].map(
    (length) =>
      [
        `emoji around the cut at ${length}`,
        findingOf({
          title: `${long("a", length - 3)}${emoji}${emoji}`,
          enrichments: [
            {
              title: `${long("b", length - 3)}${emoji}${emoji}`,
              blocks: [blocks.markdown(`${long("c", length - 3)}${emoji}${emoji}`)],
            },
          ],
        }),
      ] as const,
  ),
  [
    "half characters",
    findingOf({
      title: "\ud83d",
      description: "\udd25 x",
      enrichments: [{ title: "\ud83d", blocks: [blocks.markdown("\ud83d"), blocks.file("\ud83d.log", "\ud83d")] }],
    }),
  ],
  [
    "control characters and colours",
    withBlocks(
      blocks.markdown("\u0000\u001b[31mred\u001b[0m\u0007\r\n\u009b1m"),
      blocks.file("a.log", "\u001b[1mbold\u001b[0m\u0000"),
    ),
  ],
  ["mass mentions everywhere", hostile("<!channel> <!here|now> <!EVERYONE> <!subteam^S1|all> @channel")],
  ["what moves a terminal's cursor, everywhere", hostile("\u001b[2J\u001b[31mred\u0007\u0000\r\n\u009b1m")],
  ["markup everywhere", hostile("</b> & < > && &amp; &lt;!channel&gt; <<x>> <https://x|y <a> *b _c `d")],
  [
    "entities around the cut",
    withBlocks(
      blocks.markdown(long("&", 3_100)),
      blocks.list([long("<", 3_100)]),
      blocks.file("x.log", long("&<>\n", 5_000)),
    ),
  ],
  [
    "a link across the cut",
    withBlocks(blocks.markdown(`${long("a", 2_970)}<https://example.com/a/long/way|and a name> b`)),
  ],
  ["only links, across every cut", withBlocks(blocks.markdown(long("<https://example.com/?a=1&b=2|name> ", 9_000)))],
  ["an unclosed code fence", withBlocks(blocks.markdown("```code"), blocks.markdown("a ``` b ``` c ```"))],
  [
    "a code fence across the cut",
    withBlocks(
      blocks.markdown(`\`\`\`${long("line\n", 4_000)}\`\`\` end`),
      blocks.markdown(`${long("x", 2_990)}\`\`\`y\`\`\``),
    ),
  ],
  [
    "fences within code",
    withBlocks(blocks.file("x.log", "``` a ```` b ``````"), blocks.json("``````"), blocks.table(["```"], [["````"]])),
  ],
  [
    "empty texts",
    withBlocks(
      blocks.markdown(""),
      blocks.markdown(" \n "),
      blocks.header(""),
      blocks.list([]),
      blocks.list([""]),
      blocks.links([]),
      blocks.json(""),
      blocks.events("", []),
      blocks.diff("", []),
      blocks.callback([]),
      blocks.callback([{ text: "", action: "" }]),
      scan({ title: "", scanner: "", startedAt: 0, endedAt: 0, rows: [] }),
      blocks.analysis(""),
      blocks.table([], [[]], { layout: "vertical" }),
    ),
  ],
  [
    "empty and binary files",
    withBlocks(
      blocks.file("empty.log", ""),
      blocks.file("", "x"),
      blocks.file("core.bin", new Uint8Array([0, 255, 254, 128, 10])),
      blocks.file("none.bin", new Uint8Array()),
    ),
  ],
  [
    "file names from elsewhere",
    withBlocks(
      blocks.file("../../etc/passwd", "x"),
      blocks.file("a\nb<!here>.log", "x"),
      blocks.file(long("n", 400), "x"),
      blocks.file(`${long(emoji, 400)}.log`, "x"),
    ),
  ],
  ["a file of 1 MB", withBlocks(blocks.file("big.log", long("2026-08-01 a line of log with some words\n", 1_000_000)))],
  ["a file of one line of 1.2 MB", withBlocks(blocks.file("one.log", long(`${emoji}x`, 1_200_000)))],
  ["a long json", withBlocks(blocks.json(Array.from({ length: 2_000 }, (_, n) => ({ n, text: 'a\nb"c' }))))],
  [
    "a long diff",
    withBlocks({
      type: "diff",
      name: long("d", 4_000),
      changes: Array.from({ length: 500 }, (_, n) => ({
        path: `spec.x[${n}]`,
        before: n,
        after: { now: long("z", 100) },
      })),
    }),
  ],
  [
    "500 events",
    withBlocks(
      blocks.events(
        long("Pod ", 400),
        Array.from({ length: 500 }, (_, n) => ({
          type: "Warning",
          reason: "Back<Off>",
          message: `message ${n}\n\`\`\``,
          count: n,
          lastSeen: n % 2 === 0 ? "2026-08-01T10:41:02Z" : "",
        })),
      ),
    ),
  ],
  [
    "a scan of 5,000 objects and a long answer",
    withBlocks(
      scan({
        title: long("scan ", 400),
        scanner: "popeye",
        startedAt: 8.7e15,
        endedAt: 0,
        rows: Array.from({ length: 5_000 }, (_, n) => ({
          severity: "ok",
          name: `pod-${n}`,
          found: [long("x y ", 300)],
        })),
      }),
      blocks.analysis(long("because & ", 20_000), {
        sections: Array.from({ length: 60 }, (_, n) => ({ title: `part ${n}`, text: long("words ", 400) })),
        evidence: [{ tool: "kubectl", description: long("d", 4_000), result: long("line\n", 2_000_000) }],
      }),
    ),
  ],
  [
    "200 choices",
    withBlocks(
      blocks.callback(
        Array.from({ length: 200 }, (_, n) => ({ text: `choice ${n}`, action: "x", params: { text: long("`", 90) } })),
      ),
    ),
  ],
  [
    "graphs: of nothing, of too much, of all that is no number, and more of them than there is room for",
    withBlocks(
      graph("", []),
      graph(
        long("All pods ", 4_000),
        Array.from({ length: 60 }, (_, n) => ({ name: long(`p${n}`, 400), points: ticks(5_000) })),
      ),
      graph("odd", [
        { name: "\ud83d", points: [Number.NaN, Number.POSITIVE_INFINITY, 1e308, -0].map((value, n) => [n, value]) },
      ]),
      ...Array.from({ length: 12 }, (_, n) => graph(`graph ${n}`, [{ name: "a", points: ticks(9) }])),
    ),
  ],
  [
    "a graph that nobody can draw",
    withBlocks({ type: "graph", title: "never", format: "plain", series: [{ name: "a", points: [[9e15, 1]] }] }),
  ],
  [
    "many line breaks",
    withBlocks(blocks.markdown(`${long("\n", 50_000)}x`), blocks.file("x.log", `${long("\n", 50_000)}x`)),
  ],
];

/** The text at every place that a text can have. */
function hostile(text: string): Finding {
  return findingOf({
    title: text,
    description: text,
    subject: { ...findingOf().subject, name: text, container: text },
    cluster: text,
    notes: [text],
    links: [{ name: text, url: `https://example.com/${text}` }],
    enrichments: [
      {
        title: text,
        blocks: [
          blocks.markdown(text),
          blocks.header(text),
          blocks.list([text, text]),
          blocks.table([text], [[text]], text),
          blocks.file(`${text}.log`, text),
          blocks.json({ [text]: text }),
          blocks.links([{ text, url: text }]),
          { type: "diff", name: text, changes: [{ path: text, before: text, after: text }] },
          graph(text, [{ name: text, points: ticks(3) }], {
            lines: [{ name: text, value: 1 }],
            marks: [{ name: text, at: 0 }],
          }),
          blocks.events(text, [{ type: text, reason: text, message: text, count: 2, lastSeen: text }]),
          blocks.table([text, "b"], [[text, text]], { layout: "vertical", formats: { [text]: "datetime" } }),
          blocks.emptyFile(`${text}.log`, text),
          blocks.callback([
            { text, action: text, params: { [text]: text }, target: { kind: text, metadata: { name: text } } },
          ]),
          scan({
            title: text,
            scanner: text,
            startedAt: 0,
            endedAt: 1,
            score: 50,
            rows: [{ severity: "warning", kind: text, name: text, found: [text] }],
          }),
          blocks.analysis(text, {
            sections: [{ title: text, text }],
            evidence: [{ tool: text, description: text, result: text }],
          }),
        ],
      },
    ],
  });
}
