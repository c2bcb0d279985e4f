/** What people are told where there is no Prometheus: all that can be known without it, and why there is no more. */
import { describe, expect, it } from "vitest";
import { graphEnricher } from "../../src/actions/graph-enricher.ts";
import { oomKillerEnricher } from "../../src/actions/oom-killer-enricher.ts";
import { podOomKillerEnricher } from "../../src/actions/pod-oom-killer-enricher.ts";
import { resolve } from "../../src/kubernetes/resolve.ts";
import type { AnyAction } from "../../src/playbooks/action.ts";
import { alertEvent, fakePrometheus, podEvent, type TestEvent } from "../../src/testing.ts";
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podOom from "../fixtures/objects/pod-oom-once.json" with { type: "json" };
import { prepareRun } from "../playbooks/run-input.ts";

async function tell(action: AnyAction, { delivery, cluster }: TestEvent<unknown>, params: object) {
  const step = { action, params: action.params.parse(params) };
  const { find } = fakePrometheus({ missing: "No Service leads to a Prometheus; give prometheus_url." });
  const resolved = await resolve(delivery, cluster);
  const { run, texts, notes } = await prepareRun([step], { delivery, cluster, resolved, prometheus: find });
  await run();
  return { shown: texts(), notes: notes() };
}

describe("without a Prometheus", () => {
  const node = { node: nodeReady, logs: { hog: { current: "the last words" } } };
  const generatorUrl = "http://p/graph?g0.expr=up";
  const graphs = { container_memory_graph: true, node_memory_graph: true, attach_logs: true };

  it.each<[string, AnyAction, TestEvent<unknown>, object, string[]]>([
    ["graph_enricher", graphEnricher, alertEvent({ generatorUrl }), {}, []],
    ["pod_oom_killer_enricher", podOomKillerEnricher, podEvent({ pod: podOom, ...node }), graphs, ["list", "file"]],
    [
      "oom_killer_enricher",
      oomKillerEnricher,
      alertEvent({ node: nodeReady, objects: [podOom] }),
      { new_oom_kills_duration_in_sec: 1_000_000_000 },
      ["table"],
    ],
  ])("%s says all else, and why there is no more", async (name, action, event, params, shown) => {
    expect(await tell(action, event, params)).toEqual({
      shown,
      notes: [`Action ${name} failed: No Service leads to a Prometheus; give prometheus_url.`],
    });
  });
});
