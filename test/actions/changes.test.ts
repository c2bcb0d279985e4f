/** The actions on changes of objects, on objects of a real cluster. */
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { alertOnHpaReachedLimit } from "../../src/actions/alert-on-hpa-reached-limit.ts";
import { jsonChangeTracker } from "../../src/actions/json-change-tracker.ts";
import { nodeHealthWatcher } from "../../src/actions/node-health-watcher.ts";
import { reportImageChanges } from "../../src/actions/report-image-changes.ts";
import { resourceBabysitter } from "../../src/actions/resource-babysitter.ts";
import { changeEvent, fakeRateLimiters, runAction } from "../../src/testing.ts";
import stuck from "../fixtures/objects/deployment-web-bad-rollout.json" with { type: "json" };
import nodeNotReady from "../fixtures/objects/node-notready.json" with { type: "json" };
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import workload from "../fixtures/objects/workload-web.json" with { type: "json" };

const web = workload.find(({ kind }) => kind === "Deployment");
if (web === undefined) throw new Error("no Deployment in workload-web.json");
const rollout = { obj: stuck, oldObj: web };

describe("resource_babysitter", () => {
  it("shows what changed, without the API server's bookkeeping", async () => {
    const { findings } = await runAction(resourceBabysitter, changeEvent("Deployment", rollout));
    expect(findings).toMatchObject([
      {
        title: "Deployment shop/web updated",
        aggregationKey: "ConfigurationChange/KubernetesResource/Change",
        enrichments: [{ type: "diff", blocks: [{ type: "diff", name: "Deployment shop/web" }] }],
      },
    ]);
    const [block] = findings[0]?.enrichments[0]?.blocks ?? [];
    const paths = block?.type === "diff" ? block.changes.map(({ path }) => path) : [];
    expect(paths).toContain("spec.template.spec.containers[web].image");
    expect(
      paths.filter((path) => /managedFields|resourceVersion|metadata\.generation|last-applied/.test(path)),
    ).toEqual([]);
  });

  it("shows what the trigger's filters let through, and lists by the names of their items", async () => {
    const container = (...env: string[]) => ({
      metadata: { name: "api", namespace: "shop" },
      spec: { containers: [{ name: "api", env: env.map((name) => ({ name, value: "1" })) }] },
    });
    const changes = [{ path: "spec.containers[0].env[0].name", before: "B", after: "A" }];
    const before = { ...container("B"), status: { phase: "Pending" } };
    const after = { ...container("A", "B"), status: { phase: "Running" } };
    const event = changeEvent("Pod", { oldObj: before, obj: after, changes });
    const { findings } = await runAction(resourceBabysitter, event);
    expect(findings[0]?.enrichments[0]?.blocks).toMatchObject([
      { type: "diff", changes: [{ path: "spec.containers[api].env[A]", after: { name: "A", value: "1" } }] },
    ]);
  });

  it.each(["create", "delete"] as const)("shows the YAML of what is %sd", async (operation) => {
    const { findings } = await runAction(resourceBabysitter, changeEvent("Deployment", { operation, obj: stuck }));
    expect(findings).toMatchObject([
      {
        title: `Deployment shop/web ${operation}d`,
        enrichments: [{ blocks: [{ type: "file", filename: "web.yaml" }] }],
      },
    ]);
  });

  it("says so where nobody knows what changed, and how it is", async () => {
    const { findings } = await runAction(resourceBabysitter, changeEvent("Deployment", { obj: stuck }));
    expect(findings[0]?.enrichments[0]?.blocks).toMatchObject([
      { type: "markdown", text: "_What changed is not known: nobody has said how it was before._" },
      { type: "file" },
    ]);
  });

  const renumbered = { ...web, metadata: { ...web.metadata, resourceVersion: "9" } };
  it.each([
    ["whose namespace is ignored", rollout, { ignored_namespaces: ["shop"] }],
    ["that changed nothing but its version", { obj: renumbered, oldObj: web }, {}],
  ])("is silent about an object %s", async (_, of, params) => {
    expect((await runAction(resourceBabysitter, changeEvent("Deployment", of), params)).findings).toEqual([]);
  });
});

describe("report_image_changes", () => {
  it("says which container has which image now", async () => {
    const { findings } = await runAction(reportImageChanges, changeEvent("Deployment", rollout));
    const { image: before } = web.spec.template?.spec.containers[0] ?? {};
    const { image: after } = stuck.spec.template.spec.containers[0] ?? {};
    expect(before).not.toBe(after);
    expect(findings).toMatchObject([
      {
        title: "deployment web updated in namespace shop",
        aggregationKey: "report_image_changes",
        enrichments: [
          {
            blocks: [
              { rows: [["web", before, after]] },
              {
                value: {
                  deployment: "web",
                  deployment_namespace: "shop",
                  message: `web: ${before} -> ${after}`,
                  changed_properties: [{ property: "image", old: before, new: after }],
                },
              },
            ],
          },
        ],
      },
    ]);
  });

  const owned = {
    ...stuck,
    metadata: { ...stuck.metadata, ownerReferences: [{ apiVersion: "v1", kind: "App", name: "a", uid: "1" }] },
  };
  it.each([
    ["other images", { obj: web, oldObj: web }],
    ["anything to compare it with", { obj: stuck }],
    ["a say in its images", { obj: owned, oldObj: web }],
  ])("is silent about an object without %s", async (_, of) => {
    expect((await runAction(reportImageChanges, changeEvent("Deployment", of))).findings).toEqual([]);
  });
});

describe("node_health_watcher", () => {
  it("tells of a node that is ready no more", async () => {
    const event = changeEvent("Node", { obj: nodeNotReady, oldObj: nodeReady });
    const { findings } = await runAction(nodeHealthWatcher, event);
    expect(findings).toMatchObject([
      {
        title: "Unhealthy node node-1",
        aggregationKey: "node_not_ready",
        severity: "HIGH",
        enrichments: [{ blocks: [{ type: "diff", name: "Node node-1" }, { type: "table" }] }],
      },
    ]);
  });

  it("tells of it once where nobody knows how it was before", async () => {
    const rateLimiters = fakeRateLimiters();
    const told = async () =>
      (await runAction(nodeHealthWatcher, changeEvent("Node", { obj: nodeNotReady }), {}, { rateLimiters })).findings
        .length;
    expect([await told(), await told()]).toEqual([1, 0]);
  });

  it.each([
    ["is ready", { obj: nodeReady, oldObj: nodeNotReady }],
    ["was not ready before", { obj: nodeNotReady, oldObj: nodeNotReady }],
    ["is deleted", { obj: nodeNotReady, operation: "delete" }],
    ["says nothing of itself", { obj: { metadata: { name: "new" } } }],
  ] as const)("is silent about a node that %s", async (_, of) => {
    expect((await runAction(nodeHealthWatcher, changeEvent("Node", of))).findings).toEqual([]);
  });
});

describe("alert_on_hpa_reached_limit", () => {
  const hpa = (currentReplicas: number, desiredReplicas: number) => ({
    metadata: { name: "web", namespace: "shop" },
    spec: { maxReplicas: 12, scaleTargetRef: { kind: "Deployment", name: "web" } },
    status: {
      currentReplicas,
      desiredReplicas,
      currentMetrics: [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: 93 } } }],
    },
  });

  it("offers to raise the limit", async () => {
    const event = changeEvent("HorizontalPodAutoscaler", { obj: hpa(12, 12), oldObj: hpa(10, 12) });
    const { findings } = await runAction(alertOnHpaReachedLimit, event);
    expect(findings).toMatchObject([
      {
        title: "HPA *web* in namespace *shop* reached max replicas: *12*",
        aggregationKey: "alert_on_hpa_reached_limit",
        severity: "LOW",
        enrichments: [
          {
            blocks: [
              { text: "Average CPU, of what is requested: *93 %*" },
              {
                choices: [
                  {
                    text: "Update HPA max replicas to: 15",
                    action: "scale_hpa_callback",
                    params: { max_replicas: 15 },
                    target: { kind: "HorizontalPodAutoscaler", name: "web", namespace: "shop" },
                  },
                ],
              },
            ],
          },
        ],
      },
    ]);
  });

  it("tells of it once where nobody knows how it was before", async () => {
    const rateLimiters = fakeRateLimiters();
    const event = () => changeEvent("HorizontalPodAutoscaler", { obj: hpa(12, 12) });
    const told = async () => (await runAction(alertOnHpaReachedLimit, event(), {}, { rateLimiters })).findings.length;
    expect([await told(), await told()]).toEqual([1, 0]);
  });

  it.each([
    ["below it", { obj: hpa(10, 11), oldObj: hpa(9, 10) }],
    ["no larger than before", { obj: hpa(12, 12), oldObj: hpa(12, 12) }],
  ])("is silent %s", async (_, of) => {
    const { findings } = await runAction(alertOnHpaReachedLimit, changeEvent("HorizontalPodAutoscaler", of));
    expect(findings).toEqual([]);
  });
});

describe("json_change_tracker", () => {
  async function receiving(): Promise<{ readonly url: string; readonly got: unknown[]; readonly close: () => void }> {
    const got: unknown[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { "content-type": type, "x-team": team } = request.headers;
      got.push({ method: request.method, type, team, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return { url: `http://127.0.0.1:${port}/changes`, got, close: () => server.close() };
  }

  it("sends the object as JSON, with what happened to it, and makes no finding", async () => {
    const { url, got, close } = await receiving();
    try {
      const event = changeEvent("Deployment", { obj: stuck, operation: "delete" });
      const { findings } = await runAction(jsonChangeTracker, event, { url, headers: { "X-Team": "shop" } });
      expect(findings).toEqual([]);
      expect(got).toEqual([
        { method: "POST", type: "application/json", team: "shop", body: { ...stuck, operation: "delete" } },
      ]);
    } finally {
      close();
    }
  });
});
