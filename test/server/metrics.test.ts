import { beforeEach, expect, it } from "vitest";
import { createMetrics, type Metrics } from "../../src/server/metrics.ts";
import type { Refusal } from "../../src/server/serving.ts";
import type { DeliverySummary, TraceEvent } from "../../src/trace.ts";

const delivery: DeliverySummary = { id: "1", key: "alert#1", cluster: "shop", kind: "alert", title: "A firing" };
const call = { verb: "get", resource: "pods", status: 404, milliseconds: 3 };
const step = { type: "step", delivery, playbook: "p", action: "logs_enricher", milliseconds: 40 } as const;
const refusals = [
  { playbook: "p", condition: "alert_name", reason: () => "no" },
  { playbook: "q", condition: "status", reason: () => "no" },
];

let metrics: Metrics;
let refusal: Refusal | undefined;
beforeEach(() => {
  refusal = undefined;
  metrics = createMetrics({
    queue: () => ({ pending: 7, inWork: 2 }),
    serving: () => ({ generation: "00000000000000a1", refusal }),
  });
});

/** The names and labels are what dashboards and alerts are made of. */
const rows: readonly (readonly [TraceEvent, readonly string[]])[] = [
  [{ type: "queued", delivery }, ['cortado_deliveries_total{kind="alert",outcome="queued"} 1']],
  [
    { type: "recognised", delivery, reason: "worked" },
    ['cortado_deliveries_total{kind="alert",outcome="recognised"} 1'],
  ],
  [
    { type: "unmatched", delivery, refusals },
    [
      'cortado_deliveries_total{kind="alert",outcome="unmatched"} 1',
      'cortado_unmatched_total{playbook="p",condition="alert_name"} 1',
      'cortado_unmatched_total{playbook="q",condition="status"} 1',
    ],
  ],
  [{ type: "call", delivery, call }, ['cortado_cluster_calls_total{verb="get",resource="pods",status="404"} 1']],
  [
    { ...step, state: "failed" },
    [
      'cortado_steps_total{action="logs_enricher",state="failed"} 1',
      'cortado_step_seconds_bucket{le="0.01",action="logs_enricher"} 0',
      'cortado_step_seconds_bucket{le="0.05",action="logs_enricher"} 1',
      'cortado_step_seconds_sum{action="logs_enricher"} 0.04',
    ],
  ],
  [
    { type: "notified", delivery, result: { sink: "slack", part: "default", outcome: "posted" } },
    ['cortado_messages_total{sink="slack",outcome="posted"} 1'],
  ],
  [{ type: "ended", delivery, run: "01", milliseconds: 1 }, ['cortado_deliveries_ended_total{kind="alert"} 1']],
  [{ type: "later", delivery, at: 0, reason: "busy" }, ['cortado_deliveries_postponed_total{kind="alert"} 1']],
  [{ type: "dead", delivery, reasons: ["five times"] }, ['cortado_dead_letters_total{kind="alert"} 1']],
];
it.each(rows)("counts %o", async (event, lines) => {
  metrics.onTrace(event);
  const text = (await metrics.render()).split("\n");
  for (const line of lines) expect(text).toContain(line);
});

it("counts answers, and what could not be read", async () => {
  metrics.onRequest({ receiver: "alertmanager", status: 200, quarantined: 2 });
  metrics.onRequest({ receiver: "alertmanager", status: 503, quarantined: 0 });
  const text = (await metrics.render()).split("\n");
  expect(text).toContain('cortado_requests_total{receiver="alertmanager",status="200"} 1');
  expect(text).toContain('cortado_requests_total{receiver="alertmanager",status="503"} 1');
  expect(text).toContain('cortado_quarantined_total{receiver="alertmanager"} 2');
});

it("shows what waits and what is in work, and the process", async () => {
  const text = (await metrics.render()).split("\n");
  expect(text).toContain("cortado_queue_pending 7");
  expect(text).toContain("cortado_queue_in_work 2");
  expect(text.some((line) => line.startsWith("process_resident_memory_bytes "))).toBe(true);
});

it("says which generation serves, how reloads went, and why what is configured does not serve while it does not", async () => {
  metrics.onReload("replaced");
  metrics.onReload("refused");
  const text = await metrics.render();
  expect(text).toContain('cortado_generation_info{generation="00000000000000a1"} 1');
  expect(text).toContain('cortado_reloads_total{result="replaced"} 1');
  expect(text).toContain('cortado_reloads_total{result="refused"} 1');
  expect(text).not.toContain("cortado_refused_info{");
  refusal = { at: 0, problems: [{ at: "cortado.yaml:3:1", message: "It has no trigger." }] };
  const reason = 'cortado_refused_info{at="cortado.yaml:3:1",reason="It has no trigger."} 1';
  expect(await metrics.render()).toContain(reason);
  refusal = undefined;
  expect(await metrics.render()).not.toContain(reason);
});
