import { describe, expect, it } from "vitest";
import { alertForeignLogsEnricher } from "../../src/actions/alert-foreign-logs-enricher.ts";
import { foreignLogsEnricher } from "../../src/actions/foreign-logs-enricher.ts";
import { podPs } from "../../src/actions/pod-ps.ts";
import { restartLoopReporter } from "../../src/actions/restart-loop-reporter.ts";
import { file, list, markdown } from "../../src/index.ts";
import { alertEvent, fakeRateLimiters, podEvent, runAction } from "../../src/testing.ts";
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };
import podInitFail from "../fixtures/objects/pod-initfail.json" with { type: "json" };
import podNotReady from "../fixtures/objects/pod-notready.json" with { type: "json" };
import workload from "../fixtures/objects/workload-web.json" with { type: "json" };

const [first, second] = ["web-77dcbd4994-dnv8c", "web-77dcbd4994-l24ld"];

describe("foreign_logs_enricher", () => {
  const event = (labels = {}) => alertEvent({ objects: workload, logs: "says\n", labels });
  const logs = (title: string) => [
    { title, blocks: [file(`${first}.log`, "says\n")] },
    { title, blocks: [file(`${second}.log`, "says\n")] },
  ];

  it("attaches the logs of the pods that the first selector finds which finds any", async () => {
    const { enrichments } = await runAction(foreignLogsEnricher, event(), { label_selectors: ["app=none", "app=web"] });
    expect(enrichments).toEqual(logs("Logs of container web"));
  });

  it("says above them what it is told to, with the pod's names", async () => {
    const params = { label_selectors: ["app=web"], title_override: `\${labels.app} in $namespace on $node` };
    const { enrichments } = await runAction(foreignLogsEnricher, event(), params);
    expect(enrichments).toEqual(logs("web in shop on node-1"));
  });

  it.each([
    [false, []],
    [true, [markdown("Logs cannot be shown: no pod matches `app=none`, `app=no`.")]],
  ])("finds none; warn_on_missing_label: %s", async (warn_on_missing_label, blocks) => {
    const params = { label_selectors: ["app=none", "app=no"], warn_on_missing_label };
    expect((await runAction(foreignLogsEnricher, event(), params)).blocks).toEqual(blocks);
  });

  it("shows those of ten pods", async () => {
    const objects = Array.from({ length: 12 }, (_, n) => ({
      kind: "Pod",
      metadata: { name: `p${n}`, labels: { app: "x" } },
    }));
    const many = alertEvent({ objects, logs: "x" });
    const { blocks } = await runAction(foreignLogsEnricher, many, { label_selectors: ["app=x"] });
    expect(blocks).toHaveLength(11);
    expect(blocks.at(-1)).toEqual(markdown("_2 more pods match; their logs are not shown._"));
  });

  it.each([
    [{ service: "web" }, 2],
    [{ service: "other" }, 0],
    [{}, 0],
  ])("alert_foreign_logs_enricher fills in what the alert has: %j", async (labels, count) => {
    const params = { label_selectors: [`app=\${labels.service}`] };
    const { blocks } = await runAction(alertForeignLogsEnricher, event(labels), params);
    expect(blocks).toHaveLength(count);
  });
});

describe("restart_loop_reporter", () => {
  const crashing = () => podEvent({ pod: podCrash, logs: { crash: { current: "new", previous: "last words" } } });

  it.each([
    [{}, "crash"],
    [{ restart_reason: "CrashLoop" }, "crash"],
    [{ restart_reason: null }, "crash"],
  ])("reports %j", async (params, container) => {
    const { findings } = await runAction(restartLoopReporter, crashing(), params);
    const name = podCrash.metadata.name;
    expect(findings).toMatchObject([
      {
        title: `Crashing pod ${name} in namespace shop`,
        aggregationKey: "restart_loop_reporter",
        severity: "HIGH",
        enrichments: [
          { blocks: [list([expect.stringContaining(`*${container}*: 2 restarts`)])] },
          { blocks: [file(`${name}-${container}.log`, "last words")] },
        ],
      },
    ]);
  });

  it("reports an init container too, once in a while", async () => {
    const options = { rateLimiters: fakeRateLimiters() };
    const pod = podEvent({ pod: podInitFail });
    expect((await runAction(restartLoopReporter, pod, {}, options)).findings).toHaveLength(1);
    expect((await runAction(restartLoopReporter, pod, {}, options)).findings).toHaveLength(0);
    expect((await runAction(restartLoopReporter, crashing(), {}, options)).findings).toHaveLength(1);
  });

  const [status] = podCrash.status.containerStatuses;
  it.each([
    ["waits for another reason", podCrash, { restart_reason: "ImagePullBackOff" }],
    ["has not been restarted", podNotReady, {}],
    ["has been restarted once", { ...podCrash, status: { containerStatuses: [{ ...status, restartCount: 1 }] } }, {}],
    ["runs again", { ...podCrash, status: { containerStatuses: [{ ...status, state: { running: {} } }] } }, {}],
    ["is gone", null, {}],
  ])("says nothing of a pod that %s", async (_, pod, params) => {
    expect((await runAction(restartLoopReporter, podEvent({ pod }), params)).findings).toEqual([]);
  });
});

describe("pod_ps", () => {
  it("attaches the processes", async () => {
    const event = podEvent({ exec: "PID  COMMAND\n1 app\n" });
    const { enrichments } = await runAction(podPs, event, { custom_annotations: { a: "b" } });
    expect(enrichments).toEqual([
      { title: "Processes", blocks: [file("checkout-pod-processes.txt", "PID  COMMAND\n1 app\n")] },
    ]);
    expect(event.cluster.commands).toMatchObject([["sh", "-c", expect.stringMatching(/^ps aux .*\/proc/s)]]);
  });

  it("says why they cannot be listed", async () => {
    const { blocks } = await runAction(podPs, podEvent({ exec: { stderr: "no tr", exitCode: 1 } }));
    expect(blocks).toEqual([markdown("_The processes of the pod checkout-pod cannot be listed (exit code 1):_ no tr")]);
  });

  it("does nothing without a pod", async () => {
    expect((await runAction(podPs, podEvent({ pod: null }))).calls).toEqual([]);
  });
});
