import { describe, expect, it } from "vitest";
import { podEvictedEnricher } from "../../src/actions/pod-evicted-enricher.ts";
import { podEvent, runAction } from "../../src/testing.ts";
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };

/** As the kubelet leaves it. https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/ */
const evicted = {
  metadata: { name: "web-0", namespace: "shop" },
  spec: podCrash.spec,
  status: { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory. " },
};

describe("pod_evicted_enricher", () => {
  it("says why, how the node is, and what runs there still", async () => {
    const event = podEvent({ pod: evicted, node: nodeReady, objects: [podCrash] });
    const { findings } = await runAction(podEvictedEnricher, event);
    expect(findings).toMatchObject([
      {
        title: "Pod web-0 in namespace shop was evicted",
        aggregationKey: "PodEvictedTriggered",
        severity: "HIGH",
        enrichments: [
          { title: "Why", blocks: [{ items: ["Evicted: The node was low on resource: memory."] }] },
          {
            title: "Node node-1",
            blocks: [
              { headers: ["condition", "status", "reason", "message", "since"] },
              { headers: ["resource", "capacity", "allocatable", "requested"] },
            ],
          },
          { title: "Pods that run on it", blocks: [{ rows: [["shop", podCrash.metadata.name, "False"]] }] },
        ],
      },
    ]);
  });

  it("says why also where the node is gone, and nothing where the pod is", async () => {
    const { enrichments } = await runAction(podEvictedEnricher, podEvent({ pod: evicted }));
    expect(enrichments.map(({ title }) => title)).toEqual(["Why"]);
    expect((await runAction(podEvictedEnricher, podEvent({ pod: null }))).findings).toEqual([]);
  });
});
