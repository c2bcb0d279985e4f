import { afterEach, describe, expect, it, vi } from "vitest";
import { alertHandlingJob } from "../../src/actions/alert-handling-job.ts";
import { deleteJob } from "../../src/actions/delete-job.ts";
import { jobEventsEnricher } from "../../src/actions/job-events-enricher.ts";
import { jobInfoEnricher } from "../../src/actions/job-info-enricher.ts";
import { jobPodEnricher } from "../../src/actions/job-pod-enricher.ts";
import { file, markdown, table } from "../../src/index.ts";
import { alertEvent, type FakeCluster, fakeCluster, resourceEvent, runAction } from "../../src/testing.ts";
import jobComplete from "../fixtures/objects/job-complete.json" with { type: "json" };
import jobFailed from "../fixtures/objects/job-failed.json" with { type: "json" };

const podOf = (job: typeof jobFailed | typeof jobComplete, name: string, creationTimestamp: string) => ({
  kind: "Pod",
  metadata: {
    name,
    namespace: "shop",
    creationTimestamp,
    labels: job.spec.selector.matchLabels,
    ownerReferences: [
      { apiVersion: "batch/v1", kind: "Job", name: job.metadata.name, uid: job.metadata.uid, controller: true },
    ],
  },
});
const pods = [
  podOf(jobFailed, "failing-b", "2026-11-22T15:17:38Z"),
  podOf(jobFailed, "failing-a", "2026-11-22T15:17:48Z"),
  podOf(jobComplete, "fine-a", "2026-11-22T15:18:48Z"),
];
const failing = (options = {}) => resourceEvent("Job", { object: jobFailed, objects: pods, ...options });

describe("job_info_enricher", () => {
  it.each([
    [
      jobFailed,
      [
        ["status", "Failed (BackoffLimitExceeded: Job has reached the specified backoff limit)"],
        ["pods", "0 active, 0 succeeded, 2 failed"],
        ["started", "2026-11-22T15:17:38Z"],
        ["completions", "1"],
        ["parallelism", "1"],
        ["backoff limit", "1"],
        ["image of j", "localhost/busybox:1"],
      ],
    ],
    [
      jobComplete,
      [
        ["status", "Complete"],
        ["pods", "0 active, 1 succeeded, 0 failed"],
        ["started", "2026-11-22T15:17:38Z"],
        ["completed", "2026-11-22T15:17:46Z (after 8 s)"],
        ["completions", "1"],
        ["parallelism", "1"],
        ["backoff limit", "6"],
        ["image of j", "localhost/busybox:1"],
      ],
    ],
  ])("shows a job", async (object, rows) => {
    const { blocks } = await runAction(jobInfoEnricher, resourceEvent("Job", { object }));
    expect(blocks).toEqual([table(["field", "value"], rows)]);
  });

  it.each([
    [{ spec: { activeDeadlineSeconds: 30 }, status: { active: 1 } }, ["status", "Running"], ["deadline", "30 s"]],
    [{ spec: { suspend: true } }, ["status", "Suspended"], ["backoff limit", "6"]],
  ])("of %o, knows the state", async ({ spec, ...rest }, state, limit) => {
    const object = { spec: { ...spec, template: { spec: { containers: [] } } }, ...rest };
    const { blocks } = await runAction(jobInfoEnricher, resourceEvent("Job", { object }));
    expect(blocks).toMatchObject([{ rows: expect.arrayContaining([state, limit]) }]);
  });
});

describe("job_events_enricher", () => {
  it("shows the job's events", async () => {
    const event = failing({ events: [{ reason: "BackoffLimitExceeded" }, { reason: "Created", type: "Normal" }] });
    const { blocks } = await runAction(jobEventsEnricher, event, { included_types: ["Warning"] });
    expect(blocks).toMatchObject([{ name: "Job shop/failing", events: [{ reason: "BackoffLimitExceeded" }] }]);
  });

  it("is silent where there are none", async () => {
    expect((await runAction(jobEventsEnricher, failing())).findings).toEqual([]);
  });
});

describe("job_pod_enricher", () => {
  const podEvents = [
    {
      kind: "Event",
      metadata: { name: "e" },
      reason: "Failed",
      type: "Warning",
      involvedObject: { kind: "Pod", name: "failing-a", namespace: "shop", uid: "uid-of-pod-failing-a" },
    },
  ];
  it.each<[object, string[]]>([
    [{}, ["events", "file"]],
    [{ logs: false }, ["events"]],
    [{ events: false }, ["file"]],
    [{ events: false, logs: false }, []],
  ])("with %o, shows of the latest pod %o", async (params, types) => {
    const event = failing({ objects: [...pods, ...podEvents], logs: "cannot reach db\n" });
    const { blocks } = await runAction(jobPodEnricher, event, params);
    expect(blocks.map(({ type }) => type)).toEqual(types);
    if (types.includes("events"))
      expect(blocks[0]).toMatchObject({ name: "Pod shop/failing-a", events: [{ reason: "Failed" }] });
    if (types.includes("file")) expect(blocks.at(-1)).toEqual(file("failing-a.log", "cannot reach db\n"));
  });

  it("says that there is no pod, where it is to", async () => {
    const gone = failing({ objects: [] });
    expect((await runAction(jobPodEnricher, gone)).blocks).toEqual([]);
    const { blocks } = await runAction(jobPodEnricher, gone, { warn_on_missing_label: true });
    expect(blocks).toEqual([markdown(expect.stringContaining("its pods are gone"))]);
  });
});

describe("delete_job", () => {
  it("deletes the job that is meant", async () => {
    const cluster = fakeCluster();
    const { blocks } = await runAction(deleteJob, resourceEvent("Job", { object: jobFailed, cluster }));
    expect(blocks).toEqual([markdown("Deleted the job *failing* with its pods.")]);
    expect(await cluster.get("Job", "failing", "shop")).toBeUndefined();
  });

  it("deletes nothing of which it does not know the uid", async () => {
    const event = resourceEvent("Job", { object: { metadata: { name: "x", uid: "" } } });
    await expect(runAction(deleteJob, event)).rejects.toThrow("the job x came without its uid");
  });
});

describe.each([jobInfoEnricher, jobEventsEnricher, jobPodEnricher, deleteJob])("$name", (action) => {
  it("has nothing to do where there is no job", async () => {
    expect(await runAction(action, resourceEvent("Job", { object: null }))).toMatchObject({ findings: [], calls: [] });
  });
});

describe("alert_handling_job", () => {
  const params = { image: "registry.example/fix:1", command: ["fix", "--now"] };
  const made = async (cluster: FakeCluster) => {
    const [job] = await cluster.list("Job");
    if (job === undefined) throw new Error("there is no job");
    return job;
  };
  afterEach(() => vi.useRealTimers());

  it("makes a job that knows the alert", async () => {
    const cluster = fakeCluster();
    const event = alertEvent({ pod: { metadata: { name: "web-1" } }, labels: { team: "shop" }, cluster });
    const all = {
      ...params,
      name: "fixer",
      namespace: "tools",
      service_account: "fixer",
      restart_policy: "Never" as const,
      job_ttl_after_finished: 5,
      backoff_limit: 0,
      active_deadline_seconds: 60,
      env: [
        { name: "MODE", value: "dry" },
        { name: "ALERT_LABEL_TEAM", value: "mine" },
      ],
      notify: true,
      wait_for_completion: false,
    };
    const { blocks } = await runAction(alertHandlingJob, event, all);
    const job = await made(cluster);
    expect(job.metadata).toMatchObject({ name: expect.stringMatching(/^fixer-.+/), namespace: "tools" });
    expect(job.spec).toEqual({
      backoffLimit: 0,
      activeDeadlineSeconds: 60,
      ttlSecondsAfterFinished: 5,
      template: {
        metadata: { labels: { "app.kubernetes.io/managed-by": "cortado" } },
        spec: {
          serviceAccountName: "fixer",
          restartPolicy: "Never",
          containers: [
            {
              name: "action",
              image: "registry.example/fix:1",
              command: ["fix", "--now"],
              env: [
                { name: "ALERT_NAME", value: "TestAlert" },
                { name: "ALERT_STATUS", value: "firing" },
                { name: "ALERT_OBJ_KIND", value: "pod" },
                { name: "ALERT_OBJ_NAME", value: "web-1" },
                { name: "ALERT_OBJ_NAMESPACE", value: "shop" },
                { name: "ALERT_OBJ_NODE", value: "node-1" },
                { name: "ALERT_LABEL_ALERTNAME", value: "TestAlert" },
                { name: "ALERT_LABEL_SEVERITY", value: "warning" },
                { name: "ALERT_LABEL_NAMESPACE", value: "shop" },
                { name: "ALERT_LABEL_POD", value: "web-1" },
                { name: "MODE", value: "dry" },
                { name: "ALERT_LABEL_TEAM", value: "mine" },
              ],
            },
          ],
        },
      },
    });
    expect(blocks).toEqual([markdown(`Made the job *tools/${job.metadata.name}*.`)]);
  });

  it("tells of an alert that names nothing that there is nothing, and has the model's defaults", async () => {
    const cluster = fakeCluster();
    await runAction(alertHandlingJob, alertEvent({ cluster }), { ...params, wait_for_completion: false });
    const job = await made(cluster);
    expect(job.metadata).toMatchObject({ name: expect.stringMatching(/^robusta-action-job-/), namespace: "default" });
    expect(job.spec).toMatchObject({
      ttlSecondsAfterFinished: 120,
      template: { spec: { restartPolicy: "OnFailure" } },
    });
    expect(job.spec?.template.spec?.containers[0]?.env).toContainEqual({ name: "ALERT_OBJ_KIND", value: "None" });
  });

  /** As the cluster's controllers do. */
  async function end(cluster: FakeCluster, type: string, reason?: string) {
    const job = await made(cluster);
    const { name, namespace = "", uid = "" } = job.metadata;
    const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name, uid, controller: true }];
    cluster.put({ kind: "Pod", metadata: { name: `${name}-x`, namespace, ownerReferences } });
    cluster.put({
      ...job,
      kind: "Job",
      status: { conditions: [{ type, status: "True", ...(reason ? { reason } : {}) }] },
    });
    return name;
  }

  it("waits for the job's end, and attaches its log", async () => {
    vi.useFakeTimers();
    const cluster = fakeCluster({ logs: "fixed\n" });
    const running = runAction(alertHandlingJob, alertEvent({ cluster }), params);
    await vi.advanceTimersByTimeAsync(3_000);
    const name = await end(cluster, "Complete");
    await vi.advanceTimersByTimeAsync(3_000);
    const { blocks } = await running;
    expect(blocks).toEqual([markdown(`The job *${name}* has ended well.`), file(`${name}.log`, "fixed\n")]);
  });

  it.each([
    ["of one that fails", "Failed", 4_000],
    ["of one that does not end", undefined, 11_000],
  ])("fails %s", async (_, type, time) => {
    vi.useFakeTimers();
    const cluster = fakeCluster({ logs: "hm\n" });
    const running = runAction(alertHandlingJob, alertEvent({ cluster }), { ...params, completion_timeout: 10 });
    const failed = expect(running).rejects.toThrow("did not succeed");
    await vi.advanceTimersByTimeAsync(1_000);
    if (type !== undefined) await end(cluster, type, "BackoffLimitExceeded");
    await vi.advanceTimersByTimeAsync(time);
    await failed;
  });
});
