import { describe, expect, it } from "vitest";
import { deletePod } from "../../src/actions/delete-pod.ts";
import { logsEnricher } from "../../src/actions/logs-enricher.ts";
import { podEventsEnricher } from "../../src/actions/pod-events-enricher.ts";
import { reportCrashLoop } from "../../src/actions/report-crash-loop.ts";
import { file, list, markdown } from "../../src/index.ts";
import { alertEvent, fakeCluster, podChangeEvent, podEvent, runAction } from "../../src/testing.ts";
import eventsCrash from "../fixtures/objects/events-crash.json" with { type: "json" };
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };
import podInitFail from "../fixtures/objects/pod-initfail.json" with { type: "json" };
import podOom from "../fixtures/objects/pod-oom-loop.json" with { type: "json" };

const twoContainers = {
  metadata: { name: "web" },
  spec: { containers: [{ name: "app" }, { name: "proxy" }] },
  status: {},
};
const crashName = podCrash.metadata.name;
const crashLine =
  "*crash*: 2 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 1 (Error) after 0 s, at 2026-11-22 15:17:55 UTC.";

describe("logs_enricher", () => {
  const logs = { app: "app says\n", proxy: { current: "proxy says\n", previous: "proxy said\n" } };

  it.each<
    [string, { alert?: Record<string, string>; params?: Parameters<typeof logsEnricher.with>[0] }, string, string]
  >([
    ["the default container's", {}, "app says\n", "Logs of the pod's default container"],
    ["the alert's container's", { alert: { container: "proxy" } }, "proxy says\n", "Logs of container proxy"],
    ["not the exporter's", { alert: { container: "exporter" } }, "app says\n", "Logs of the pod's default container"],
    [
      "the one in the params before all",
      { alert: { container: "proxy" }, params: { container_name: "app" } },
      "app says\n",
      "Logs of container app",
    ],
    [
      "of the run before",
      { params: { container_name: "proxy", previous: true } },
      "proxy said\n",
      "Previous logs of container proxy",
    ],
    [
      "redacted and filtered",
      { params: { filter_regex: "app", regex_replacer_patterns: [{ regex: "says" }] } },
      "app [Redacted]\n",
      "Logs of the pod's default container",
    ],
    [
      "redacted with asterisks",
      { params: { regex_replacer_patterns: [{ regex: "says" }], regex_replacement_style: "SAME_LENGTH_ASTERISKS" } },
      "app ****\n",
      "Logs of the pod's default container",
    ],
    [
      "as it is where params are null",
      { params: { container_name: null, filter_regex: null } },
      "app says\n",
      "Logs of the pod's default container",
    ],
  ])("attaches the log: %s", async (_, { alert = {}, params }, text, title) => {
    const event = alertEvent({ pod: twoContainers, labels: alert, logs });
    const { enrichments } = await runAction(logsEnricher, event, params);
    expect(enrichments).toEqual([{ title, blocks: [file("web.log", text)] }]);
  });

  it.each<[string, Parameters<typeof podEvent>[0], Parameters<typeof logsEnricher.with>[0], string]>([
    ["it is empty", { logs: "" }, {}, "_The log of container app is empty._"],
    [
      "there was no run before",
      { logs: { app: { current: "x" } } },
      { previous: true },
      "_There is no previous log of container app: it has not been restarted, or its node has forgotten._",
    ],
    ["it has not started", { logs: () => undefined }, {}, "_There is no log of container app: it has not started._"],
    ["no line matches", { logs: "x\n" }, { filter_regex: "y" }, "_No line of the log of container app matches_ `y`."],
  ])("says so where %s", async (_, event, params, text) => {
    const { blocks } = await runAction(logsEnricher, podEvent(event), params);
    expect(blocks).toEqual([markdown(text)]);
  });

  it("says how the containers that crashed ended", async () => {
    const { enrichments } = await runAction(logsEnricher, podEvent({ pod: podCrash, logs: "FATAL\n" }));
    expect(enrichments).toEqual([
      { title: "Restarts", blocks: [list([crashLine])] },
      { title: "Logs of container crash", blocks: [file(`${crashName}.log`, "FATAL\n")] },
    ]);
  });

  it("names the containers that there are where it is to show another", async () => {
    const run = runAction(logsEnricher, podEvent({ pod: twoContainers }), { container_name: "ap" });
    await expect(run).rejects.toThrow("the pod web has no container ap; it has app, proxy");
  });

  it.each([
    [false, []],
    [true, [markdown(expect.stringContaining("names no pod that exists"))]],
  ])("without a pod, and warn_on_missing_label %s", async (warn_on_missing_label, blocks) => {
    const run = await runAction(logsEnricher, podEvent({ pod: null }), { warn_on_missing_label });
    expect(run.blocks).toEqual(blocks);
    expect((await runAction(logsEnricher, alertEvent(), { warn_on_missing_label })).blocks).toEqual(blocks);
  });

  it("refuses expressions that RE2 does not take when the configuration is read", async () => {
    const params = { filter_regex: "(?=x)", regex_replacer_patterns: [{ regex: "(" }] };
    await expect(runAction(logsEnricher, podEvent(), params)).rejects.toThrow(/^2 problems:/);
  });
});

describe("pod_events_enricher", () => {
  const event = () => podEvent({ pod: podCrash, objects: eventsCrash });
  const rows = async (params: Parameters<typeof podEventsEnricher.with>[0]) => {
    const { blocks } = await runAction(podEventsEnricher, event(), params);
    return blocks.flatMap((block) => (block.type === "events" ? block.events.map(({ reason }) => reason) : block.type));
  };

  it("shows the pod's events, newest first", async () => {
    const { blocks } = await runAction(podEventsEnricher, event());
    expect(blocks).toMatchObject([
      {
        type: "events",
        name: `Pod shop/${crashName}`,
        events: [
          {
            type: "Warning",
            reason: "BackOff",
            message: "Back-off restarting failed container",
            count: 3,
            lastSeen: "2026-11-22T15:18:12Z",
          },
          { reason: "Started" },
          { reason: "Created" },
          { reason: "Pulled" },
          { reason: "Scheduled", count: 1, lastSeen: "2026-11-22T15:17:37.593569Z" },
        ],
      },
    ]);
  });

  it.each([
    [{ max_events: 2 }, ["BackOff", "Started"]],
    [{ included_types: ["warning"] }, ["BackOff"]],
    [{ included_types: [] }, []],
  ])("with %o", async (params, reasons) => {
    expect(await rows(params)).toEqual(reasons);
  });

  it("is silent where there are none, or no pod", async () => {
    expect((await runAction(podEventsEnricher, podEvent())).findings).toEqual([]);
    expect((await runAction(podEventsEnricher, podEvent({ pod: null }))).findings).toEqual([]);
  });
});

describe("report_crash_loop", () => {
  it.each([
    ["a container that fails", podCrash, "crash", crashLine],
    [
      "a container that is killed for its memory",
      podOom,
      "hog",
      "*hog*: 2 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 137 (OOMKilled) after 1 s, at 2026-11-22 15:17:58 UTC.",
    ],
    [
      "an init container that fails",
      podInitFail,
      "migrate",
      "*migrate*: 2 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 3 (Error) after 0 s, at 2026-11-22 15:18:00 UTC.",
    ],
  ])("reports %s, with its log from before", async (_, pod, container, line) => {
    const logs = { [container]: { current: "new", previous: "the last words" } };
    const { findings } = await runAction(reportCrashLoop, podEvent({ pod, logs }));
    expect(findings).toMatchObject([
      {
        title: `Crashing pod ${pod.metadata.name} in namespace shop`,
        aggregationKey: "CrashLoopBackoff",
        severity: "HIGH",
        enrichments: [
          { title: "Restarts", blocks: [list([line])] },
          {
            title: "Logs of the last run",
            blocks: [file(`${pod.metadata.name}-${container}.log`, "the last words")],
          },
        ],
      },
    ]);
  });

  it.each([
    ["this run's log where the node has forgotten the one before", { crash: { current: "starting" } }, "starting"],
    ["that there is none", { crash: { current: "" } }, undefined],
  ])("shows %s", async (_, logs, text) => {
    const { blocks } = await runAction(reportCrashLoop, podEvent({ pod: podCrash, logs }));
    const empty = markdown("_The log of container crash is empty._");
    expect(blocks.at(-1)).toEqual(text === undefined ? empty : file(`${crashName}-crash.log`, text));
  });

  it("redacts with asterisks, as long as what they stand for", async () => {
    const event = podEvent({ pod: podCrash, logs: "password=abc" });
    const { blocks } = await runAction(reportCrashLoop, event, { regex_replacer_patterns: [{ regex: "abc" }] });
    expect(blocks.at(-1)).toEqual(file(`${crashName}-crash.log`, "password=***"));
  });

  it("shows no termination message, which can be the end of the log, unredacted", async () => {
    const terminated = { exitCode: 1, message: "password=abc", startedAt: null, finishedAt: null };
    const containerStatuses = [
      { name: "app", restartCount: 1, ready: true, state: { running: {} }, lastState: { terminated } },
    ];
    const pod = { spec: { containers: [{ name: "app" }] }, status: { containerStatuses } };
    const { blocks } = await runAction(reportCrashLoop, podEvent({ pod }));
    expect(blocks[0]).toEqual(list(["*app*: 1 restart, now running. The last run ended with exit code 1."]));
  });

  it("says nothing of a pod that has not crashed, or is gone", async () => {
    expect((await runAction(reportCrashLoop, podEvent())).findings).toEqual([]);
    expect((await runAction(reportCrashLoop, podEvent({ pod: null }))).findings).toEqual([]);
  });
});

describe("delete_pod", () => {
  it("deletes the pod, and says what follows", async () => {
    const cluster = fakeCluster();
    const { blocks, calls } = await runAction(deletePod, podEvent({ pod: podCrash, cluster }));
    expect(blocks).toEqual([
      markdown(`Deleted the pod *${crashName}*. Its ReplicaSet crash-5659b5c85d makes a new one.`),
    ]);
    expect(calls).toMatchObject([
      { verb: "delete", resource: "pods", namespace: "shop", name: crashName, status: 200 },
    ]);
    expect(await cluster.get("Pod", crashName, "shop")).toBeUndefined();
  });

  it("says that a pod of its own stays away", async () => {
    const { blocks } = await runAction(deletePod, podEvent());
    expect(blocks).toEqual([markdown("Deleted the pod *checkout-pod*. Nothing controls it, so no new one is made.")]);
  });

  it("leaves a pod alone that has the name of the one that is meant", async () => {
    const cluster = fakeCluster();
    const event = podChangeEvent({ obj: podCrash, cluster });
    cluster.put({ ...podCrash, metadata: { ...podCrash.metadata, uid: "another" } });
    await expect(runAction(deletePod, event)).rejects.toMatchObject({ name: "ClusterError", code: 409 });
    expect(await cluster.get("Pod", crashName, "shop")).toBeDefined();
  });

  it("deletes nothing of which it does not know the uid", async () => {
    const event = podEvent({ pod: { metadata: { name: "api", uid: "" } } });
    await expect(runAction(deletePod, event)).rejects.toThrow("came without its uid");
  });

  it("says that the pod was gone already, and nothing where it was gone before", async () => {
    const gone = await runAction(deletePod, podChangeEvent({ operation: "delete" }));
    expect(gone.blocks).toEqual([markdown("The pod *checkout-pod* was gone already.")]);
    expect(await runAction(deletePod, podEvent({ pod: null }))).toMatchObject({ findings: [], calls: [] });
  });
});
