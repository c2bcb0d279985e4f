import { describe, expect, it } from "vitest";
import { cpuThrottlingAnalysisEnricher } from "../../src/actions/cpu-throttling-analysis-enricher.ts";
import { podEvent, runAction } from "../../src/testing.ts";
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };
import podOom from "../fixtures/objects/pod-oom-loop.json" with { type: "json" };

const gke = [{ key: "components.gke.io/gke-managed-components", operator: "Exists" }];
const named = (name: string, more: object = {}, limits: object = {}) => ({
  ...podCrash,
  metadata: { ...podCrash.metadata, name },
  spec: {
    ...podCrash.spec,
    ...more,
    containers: podCrash.spec.containers.map((one) => ({ ...one, resources: { limits } })),
  },
});

describe("cpu_throttling_analysis_enricher", () => {
  it.each([
    [
      "a pod with a CPU limit",
      named("web-1", {}, { cpu: "100m" }),
      /held back by its CPU limit/,
      /remove the pod's CPU limit/,
    ],
    ["a pod without one", podCrash, /no container of the pod has a CPU limit/, /raise the pod's CPU request/],
    ["a pod with a memory limit alone", podOom, /no container of the pod has a CPU limit/, /CPU request/],
    [
      "metrics-server with a CPU limit",
      named("metrics-server-1", {}, { cpu: "40m" }),
      /metrics-server/,
      /raise its CPU limit/,
    ],
    ["metrics-server without one", named("metrics-server-1"), /no container of the pod has a CPU limit/, /CPU request/],
    ["another pod of GKE", named("event-exporter-1", { tolerations: gke }), /no container/, /CPU request/],
  ])("of %s says why, and what to do", async (_what, pod, why, todo) => {
    const { enrichments, stopped } = await runAction(cpuThrottlingAnalysisEnricher, podEvent({ pod }));
    expect(enrichments).toEqual([
      {
        title: "Why it is throttled",
        blocks: [
          { type: "markdown", text: expect.stringMatching(why) },
          { type: "markdown", text: expect.stringMatching(todo) },
        ],
      },
    ]);
    expect(stopped).toBe(false);
  });

  it.each([{}, { cpu: "40m" }])("silences GKE's own metrics-server, with the limits %j", async (limits) => {
    const pod = named("metrics-server-v0.5-1", { tolerations: gke }, limits);
    const { findings, stopped, log } = await runAction(cpuThrottlingAnalysisEnricher, podEvent({ pod }));
    expect({ findings, stopped }).toEqual({ findings: [], stopped: true });
    expect(log).toMatchObject([{ message: expect.stringContaining("silenced") }]);
  });

  it("says nothing where there is no pod", async () => {
    const { findings, stopped } = await runAction(cpuThrottlingAnalysisEnricher, podEvent({ pod: null }));
    expect({ findings, stopped }).toEqual({ findings: [], stopped: false });
  });
});
