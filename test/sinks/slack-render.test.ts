import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as blocks from "../../src/findings/blocks.ts";
import { type Enrichment, type Finding, severities } from "../../src/findings/finding.ts";
import { renderBody, renderReply, toMessage } from "../../src/sinks/slack-render.ts";
import { anyBlock, anyText } from "../helpers/any-block.ts";
import { crashLoop, findingOf, resolvedOf } from "../helpers/findings.ts";
import { refusalOf } from "../helpers/slack-rules.ts";

const maxFileBytes = 2_000;

const texts = fc.array(anyText, { maxLength: 12 });
const enrichment: fc.Arbitrary<Enrichment> = fc.record({
  title: anyText,
  blocks: fc.array(anyBlock, { maxLength: 5 }),
});
const finding: fc.Arbitrary<Finding> = fc
  .record({
    title: anyText,
    description: anyText,
    severity: fc.constantFrom(...severities),
    status: fc.constantFrom("firing" as const, "resolved" as const),
    cluster: anyText,
    startsAt: fc.oneof(fc.integer(), fc.maxSafeInteger()),
    endsAt: fc.oneof(fc.integer(), fc.maxSafeInteger()),
    links: fc.array(fc.record({ name: anyText, url: fc.oneof(anyText, fc.webUrl()) }), { maxLength: 10 }),
    notes: texts,
    enrichments: fc.array(enrichment, { maxLength: 60 }),
  })
  .chain((changes) => anyText.map((name) => findingOf({ ...changes, subject: { ...findingOf().subject, name } })));

describe("whatever a finding holds, Slack takes its message", () => {
  it("as it is posted, and as it is edited", () => {
    fc.assert(
      fc.property(finding, fc.boolean(), (found, possiblyRepeated) => {
        const { blocks: body, files } = renderBody(found, { maxFileBytes, possiblyRepeated });
        expect(refusalOf(toMessage(found, found, body))).toBeUndefined();
        expect(
          refusalOf(toMessage(found, { ...found, status: "resolved", startsAt: 0, endsAt: 8.6e15 }, body)),
        ).toBeUndefined();
        for (const { bytes } of files) expect(bytes.length).toBeGreaterThan(0);
      }),
      { numRuns: 150, seed: 20260801 },
    );
  });

  it("in the thread", () => {
    fc.assert(
      fc.property(fc.array(enrichment, { maxLength: 40 }), (enrichments) => {
        const { blocks: body } = renderReply(enrichments, { maxFileBytes });
        expect(refusalOf({ text: "x", blocks: body })).toBeUndefined();
      }),
      { numRuns: 100, seed: 20260801 },
    );
  });
});

const render = (found: Finding, bytes = 1_000_000) => {
  const { blocks: body, files } = renderBody(found, { maxFileBytes: bytes });
  const message = toMessage(found, found, body);
  const shown = [...message.blocks, ...(message.attachments[0]?.blocks ?? [])].map((block) => {
    if (block.type === "divider") return "---";
    if (block.type === "actions") return block.elements.map(({ text: label }) => `[${label.text}]`).join(" ");
    return block.type === "context" ? (block.elements[0]?.text ?? "") : block.text.text;
  });
  return { message, shown, files, color: message.attachments[0]?.color };
};

describe("a reader sees", () => {
  it("a crash loop as it is", () => {
    const { message, shown, files } = render(crashLoop());
    expect(message.text).toBe("Firing HIGH Pod shop/checkout-7d9f is crash looping");
    expect(shown).toEqual([
      "Pod shop/checkout-7d9f is crash looping",
      "*Firing*  ·  HIGH  ·  since <!date^1785580867^{date_short_pretty} {time_secs}|2026-08-01 10:41:07 UTC>",
      "pod shop/checkout-7d9f  ·  container api  ·  node worker-1  ·  cluster prod-eu",
      "Container *api* restarted 7 times. See <https://runbooks.example.com/crash?a=1&b=2|the runbook>.",
      "_Note:_ The node worker-1 is gone.",
      "<http://prometheus:9090/graph?g0.expr=rate(x[5m])%3E0&amp;g0.tab=1|Prometheus>",
      "*Crash info*\n```\ncontainer  restarts\n---------  --------\napi        7\n```",
      "*Logs of api*\n`api.log` (48 B), in the thread; its end:\n```\nGET /cart &lt;1&gt;\ncannot connect to redis &amp; gave up\n```",
      "*Events of Pod shop/checkout-7d9f*\n• *Warning* BackOff ×43, <!date^1785580862^{date_short_pretty} {time_secs}|2026-08-01 10:41:02 UTC>: restarting api",
      "*ps aux*\n```root 17 node &lt;defunct&gt;```",
    ]);
    expect(files.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
      ["api.log", "GET /cart <1>\ncannot connect to redis & gave up\n"],
    ]);
  });

  it.each([
    [findingOf({ severity: "HIGH" }), "#c62828", "*Firing*"],
    [findingOf({ severity: "INFO" }), "#1565c0", "*Firing*"],
    [findingOf({ source: "kubernetes_api_server" }), "#c62828", "HIGH"],
    [resolvedOf(), "#2e7d32", "*Resolved*  ·  HIGH  ·  fired for 12m, until <!date^1785581587"],
  ])("status and colour %#", (found, expected, status) => {
    const { shown, color } = render(found);
    expect(color).toBe(expected);
    expect(shown[1]?.startsWith(status)).toBe(true);
  });

  it("what has no room is in a file, and the message says so", () => {
    const found = findingOf({
      enrichments: Array.from({ length: 100 }, (_, n) => ({
        title: `Part ${n}`,
        blocks: [blocks.markdown(`words of ${n}`)],
      })),
    });
    const { shown, files } = render(found);
    const [details] = files;
    expect(shown.at(-1)).toContain("details.txt");
    const everything = `${shown.join("\n")}\n${details?.bytes.toString()}`;
    for (let n = 0; n < 100; n += 1) expect(everything).toContain(`words of ${n}`);
    expect(details?.bytes.toString()).toContain("Part 99\nwords of 99");
  });

  it("a long or wide table as a file", () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => [String(n), "row"]);
    const { shown, files } = render(
      findingOf({ enrichments: [{ blocks: [blocks.table(["n", "text"], rows, "All pods")] }] }),
    );
    expect(shown.at(-1)).toBe("*All pods*, in the thread as `All-pods.txt` (5002 lines)");
    expect(files[0]?.bytes.toString()).toContain("4999  row");
  });

  it("of a log the newest lines", () => {
    const log = Array.from({ length: 1_000 }, (_, n) => `line ${n} of the log`).join("\n");
    const { shown, files } = render(findingOf({ enrichments: [{ blocks: [blocks.file("x.log", log)] }] }), 2_000);
    expect(shown.at(-1)).toMatch(/^`x\.log` \(2\.0 kB\), in the thread, of 19\.9 kB the last 2\.0 kB; its end:/);
    expect(files[0]?.bytes.length).toBeLessThanOrEqual(2_000);
    expect(files[0]?.bytes.toString()).toMatch(/^line \d+ of the log\n[\s\S]*line 999 of the log$/);
  });
});
