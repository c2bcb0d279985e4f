import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Block, GraphBlock } from "../../src/findings/blocks.ts";
import { graph } from "../../src/findings/graph.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { findingOf } from "../helpers/findings.ts";

let slack: FakeSlack;
beforeEach(async () => {
  slack = await startFakeSlack();
});
afterEach(() => slack.close());

async function post(...blocks: readonly Block[]) {
  const params = { name: "main", slack_channel: "alerts", api_key: slack.token };
  const made = sinkTypes.get("slack_sink")?.create(params, { stdout: process.stdout, slackApiUrl: slack.url });
  const context = { messageId: "id", signal: new AbortController().signal, possiblyRepeated: false };
  await made?.sink.post(findingOf({ enrichments: [{ title: "Graphs", blocks }] }), context);
  const [message] = slack.messages;
  return { text: message === undefined ? "" : textOf(message), files: slack.files(message?.ts) };
}

const at = Date.UTC(2026, 7, 1, 14, 0);
const usage = (title = "CPU usage"): GraphBlock =>
  graph(title, [{ name: "api", points: [1, 3, 2].map((value, index) => [at + index * 60_000, value] as const) }], {
    format: "cpu_usage",
    lines: [{ name: "limit", value: 4 }],
  });

describe("graphs in Slack", () => {
  it("are a picture in the thread, and told in the message", async () => {
    const { text, files } = await post(usage());
    expect(text).toContain(
      "*Graphs*\n*CPU usage*\n• api: last 2 cores, highest 3 cores at 14:01 UTC\n• limit: 4 cores\n`CPU-usage.png`, in the thread",
    );
    expect(files.map(({ name, bytes }) => [name, bytes?.subarray(1, 4).toString()])).toEqual([
      ["CPU-usage.png", "PNG"],
    ]);
    expect(slack.refusals).toEqual([]);
  });

  it("are only told where they cannot be drawn, and the message says so", async () => {
    const never = { ...usage(), marks: [], series: [{ name: "api", points: [[9e15, 1]] }] } as const;
    const { text, files } = await post(never);
    expect(text).toContain("• api: last 1 core, highest 1 core at an unknown time");
    expect(text).toContain("Not attached: `CPU-usage.png`. The graph could not be drawn: Invalid time value");
    expect(files).toEqual([]);
  });

  it("are only told where there is no room for more pictures", async () => {
    const { text, files } = await post(...Array.from({ length: 11 }, (_, index) => usage(`graph ${index}`)));
    expect(files.map(({ name }) => name)).toEqual([
      ...Array.from({ length: 9 }, (_, index) => `graph-${index}.png`),
      "details.txt",
    ]);
    expect(text).toContain("*graph 10*\n• api: last 2 cores");
    expect(text).not.toContain("graph-10.png");
    expect(files.at(-1)?.bytes?.toString()).toContain(
      "graph 10:\n  api: last 2 cores, highest 3 cores at 14:01 UTC  ▁█▅",
    );
  });
});
