import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { prometheusEnricher } from "../../src/actions/prometheus-enricher.ts";
import { prometheusRulesEnricher } from "../../src/actions/prometheus-rules-enricher.ts";
import { prometheusSlaEnricher } from "../../src/actions/prometheus-sla-enricher.ts";
import { alertEvent, deploymentEvent, fakePrometheus, nodeEvent, runAction } from "../../src/testing.ts";

const now = Date.parse("2026-11-22T16:00:00Z");
const at = (time: string) => Date.parse(`2026-11-22T${time}`);
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now }));
afterEach(() => void vi.useRealTimers());

describe("prometheus_enricher", () => {
  const answer = () => fakePrometheus({ queryRange: () => [{ labels: { job: "a" }, points: [[now, 1]] }] });
  type Duration = { duration_minutes?: number; starts_at?: string; ends_at?: string };

  it.each<[Duration, number, number]>([
    [{ duration_minutes: 15 }, at("15:45:00Z"), now],
    [{ starts_at: "2026-11-22 09:40:59 UTC", ends_at: "2026-11-22 10:00:00 UTC" }, at("09:40:59Z"), at("10:00:00Z")],
    [{ starts_at: "2026-11-22 09:40:59" }, at("09:40:59Z"), now],
    [{ starts_at: "2026-11-22T09:40:59.5+01:00" }, at("08:40:59.5Z"), now],
    [{ starts_at: "2026-11-22 09:40:59 GMT" }, at("09:40:59Z"), now],
  ])("asks over %j", async (duration, start, end) => {
    const prometheus = answer();
    const params = { promql_query: "up", duration, prometheus_url: "http://p" };
    const { enrichments } = await runAction(prometheusEnricher, nodeEvent(), params, { prometheus });
    expect(enrichments).toMatchObject([{ title: "Prometheus", blocks: [{ type: "graph", title: "up" }] }]);
    expect(prometheus.asked).toMatchObject([
      { promql: "up", range: { start, end }, params: { prometheus_url: "http://p" } },
    ]);
  });

  it.each([
    ["30s", 30],
    ["1h30m", 5_400],
    ["2w", 1_209_600],
    ["500ms", 0.5],
    ["170.3", 170.3],
    [15, 15],
    [null, undefined],
  ])("takes the step %j", async (step, stepSeconds) => {
    const prometheus = answer();
    const params = { promql_query: "up", duration: { duration_minutes: 15 }, step };
    await runAction(prometheusEnricher, nodeEvent(), params, { prometheus });
    expect(prometheus.asked[0]?.range?.stepSeconds).toBe(stepSeconds);
  });

  it.each<[object, RegExp]>([
    [{ duration: {} }, /Give either `duration_minutes`, or/],
    [{ duration: { duration_minutes: 5, starts_at: "2026-11-22 09:40:59 UTC" } }, /Give either/],
    [{ duration: { starts_at: "yesterday" } }, /Give a time as in 2026-11-22 09:40:59 UTC/],
    [{ duration: { starts_at: "2026-11-22 09:40:59 PST" } }, /Give a time/],
    [{ duration: { starts_at: "2026-13-22 09:40:59 UTC" } }, /Give a time/],
    [{ duration: { starts_at: "2026-11-22 09:40:59", ends_at: "2026-11-22 09:00:00" } }, /not after/],
    [{ duration: { duration_minutes: 0 } }, /duration_minutes/],
    [{ step: "5 minutes" }, /Give a duration as in 30s or 5m/],
    [{ step: "0" }, /Give a duration/],
    [{ step: "5m!" }, /Give a duration/],
    [{ promql_query: "" }, /promql_query/],
  ])("refuses %j in words", async (wrong, words) => {
    const params = { promql_query: "up", duration: { duration_minutes: 5 }, ...wrong };
    await expect(runAction(prometheusEnricher, nodeEvent(), params)).rejects.toThrow(words);
  });
});

describe("prometheus_sla_enricher", () => {
  const measure = async (value: number | undefined, operator: ">" | "<" | "==" | "!=", event = alertEvent()) => {
    const samples =
      value === undefined
        ? []
        : [
            { labels: {}, at: now, value: 7 },
            { labels: {}, at: now, value },
          ];
    const prometheus = fakePrometheus({ query: () => samples });
    const params = { promql_query: "errors", operator, threshold: 0.5 };
    const { findings, blocks } = await runAction(prometheusSlaEnricher, event, params, { prometheus });
    return { title: findings[0]?.title, blocks };
  };

  it.each([
    [0.75, ">", "SLA VIOLATION 0.750 gt 0.5 TestAlert"],
    [0.5, ">", "SLA 0.500 gt 0.5 TestAlert"],
    [0.25, "<", "SLA VIOLATION 0.250 lt 0.5 TestAlert"],
    [0.5, "==", "SLA VIOLATION 0.500 eq 0.5 TestAlert"],
    [0.5, "!=", "SLA 0.500 ne 0.5 TestAlert"],
    [0.25, "!=", "SLA VIOLATION 0.250 ne 0.5 TestAlert"],
  ] as const)("says of %d, which should not be %s 0.5: %s", async (value, operator, title) => {
    expect(await measure(value, operator)).toEqual({
      title,
      blocks: [{ type: "markdown", text: "*SLA query*: `errors`" }],
    });
  });

  it("says so where there is no value, and leaves the title", async () => {
    const { title, blocks } = await measure(undefined, ">");
    expect({ title, blocks }).toEqual({
      title: "TestAlert",
      blocks: [{ type: "markdown", text: "_Prometheus has no value for_ `errors`" }],
    });
  });

  it("names the object where there is no alert", async () => {
    const prometheus = fakePrometheus({ query: () => [{ labels: {}, at: now, value: 1 }] });
    const params = { promql_query: "errors", operator: ">", threshold: 0 } as const;
    const { findings } = await runAction(prometheusSlaEnricher, deploymentEvent(), params, { prometheus });
    expect(findings[0]?.title).toMatch(/^SLA VIOLATION 1\.000 gt 0 \S/);
  });
});

describe("prometheus_rules_enricher", () => {
  const service = (name: string, labels: object = { "app.kubernetes.io/managed-by": "prometheus-operator" }) => ({
    kind: "Service",
    metadata: { name, namespace: "kube-system", labels: { "k8s-app": "kubelet", ...labels } },
  });
  const failing = (rule_group: string | undefined, ...objects: object[]) =>
    runAction(
      prometheusRulesEnricher,
      alertEvent({
        labels: rule_group === undefined ? {} : { rule_group },
        objects: objects.map((one) => ({ ...one })),
      }),
    );
  const group = "/etc/prometheus/rules/kubelet.rules";

  it("names the services of which there is one too many", async () => {
    const { blocks } = await failing(group, service("one"), service("two"), service("other", {}));
    expect(blocks).toMatchObject([
      { text: expect.stringContaining("2 services: `kube-system/one`, `kube-system/two`.") },
    ]);
  });

  it.each([
    ["there is one service", group, [service("one"), service("other", {})]],
    ["the rules are others", "etcd", [service("one"), service("two")]],
    ["the alert names no rules", undefined, [service("one"), service("two")]],
  ])("says nothing where %s", async (_why, rules, objects) => {
    expect((await failing(rules, ...objects)).findings).toEqual([]);
  });
});
