import { expect, it } from "vitest";
import { createRecent } from "../../src/server/recent.ts";
import { logTrace } from "../../src/server/trace-log.ts";
import { type LogEntry, recordingLog } from "../../src/testing/log.ts";
import type { DeliverySummary, TraceEvent } from "../../src/trace.ts";

const delivery: DeliverySummary = {
  id: "firing:1",
  key: "alert#1f33f9bd51f9e0bd",
  cluster: "prod",
  kind: "alert",
  title: "KubePodCrashLooping firing",
};
const step = { type: "step", delivery, playbook: "Crash", action: "logs_enricher", milliseconds: 7 } as const;

const lines: readonly (readonly [TraceEvent, string | undefined])[] = [
  [{ type: "queued", delivery }, undefined],
  [{ type: "ended", delivery, run: "01K", milliseconds: 12 }, "info delivery worked"],
  [{ type: "later", delivery, at: 0, reason: "its key is being worked on" }, "warn delivery postponed"],
  [{ type: "dead", delivery, reasons: ["five attempts"] }, "error given up"],
  [{ ...step, state: "done" }, undefined],
  [{ ...step, state: "failed", reason: "boom" }, "warn action failed"],
  [{ ...step, state: "rate limited", reason: "once an hour" }, "info action rate limited"],
  [{ type: "notified", delivery, result: { sink: "s", part: "default", outcome: "posted" } }, undefined],
  [
    { type: "notified", delivery, result: { sink: "s", part: "default", outcome: "failed", reason: "429" } },
    "warn a sink did not take a finding",
  ],
  [{ type: "recognised", delivery, reason: "worked" }, "debug delivery known already"],
  [{ type: "unmatched", delivery, refusals: [] }, "debug delivery matches no playbook"],
];

it.each(lines)("of $type the log says %s", (event, line) => {
  const entries: LogEntry[] = [];
  logTrace(recordingLog(entries))(event);
  expect(entries.map(({ level, message }) => `${level} ${message}`)).toEqual(line === undefined ? [] : [line]);
  for (const { fields } of entries) expect(fields).toMatchObject({ delivery: delivery.title, cluster: "prod" });
});

it("what came of nothing is kept with the reasons, the newest first, a thousand at most", () => {
  let now = 0;
  const recent = createRecent(() => now);
  const refusals = [
    { playbook: "Crash", condition: "alert_name", reason: () => "its name is another" },
    { playbook: "Crash", condition: "status", reason: () => "the alert is resolved, not firing" },
    { playbook: "Node", condition: "scope", reason: () => "scope.include does not match" },
  ];
  recent.onTrace({ type: "ended", delivery, run: "01K", milliseconds: 12 });
  recent.onTrace({ type: "unmatched", delivery, refusals });
  recent.onTrace({ type: "recognised", delivery, reason: "worked" });
  const at = "1970-01-01T00:00:00.000Z";
  expect(recent.list()).toEqual([
    { at, delivery, known: "worked" },
    {
      at,
      delivery,
      playbooks: [
        { playbook: "Crash", reason: "its name is another; the alert is resolved, not firing" },
        { playbook: "Node", reason: "scope.include does not match" },
      ],
    },
  ]);
  for (let n = 0; n < 1_000; n += 1) {
    now += 11;
    recent.onTrace({ type: "unmatched", delivery, refusals });
  }
  expect(recent.list()).toHaveLength(1_000);
  expect(recent.list().some(({ known }) => known !== undefined)).toBe(false);
});

it("of a flood a hundred a second are kept", () => {
  let now = 1_000_000;
  const recent = createRecent(() => now);
  for (let n = 0; n < 250; n += 1) recent.onTrace({ type: "recognised", delivery, reason: `worked ${n}` });
  expect(recent.list()).toHaveLength(100);
  now += 1_000;
  recent.onTrace({ type: "recognised", delivery, reason: "later" });
  expect(recent.list()[0]).toMatchObject({ known: "later" });
});
