/** What is left of a job where the cluster refuses something; how jobs go on clusters that do not is in the conformance. */
import { describe, expect, it } from "vitest";
import { createJob, type JobOptions, runJob, waitForJob } from "../../src/index.ts";
import { type FakeClusterOptions, fakeCluster } from "../../src/testing.ts";

const { signal } = new AbortController();
const options = { name: "fix", namespace: "shop", image: "fix:1" };

/** Refuses a verb on a resource. */
const refusing = (verb: string, resource: string, code: number): FakeClusterOptions => ({
  refuse: (call) => (call.verb === verb && call.resource === resource ? { code } : undefined),
});

describe("createJob", () => {
  it.each<[string, Partial<JobOptions>, FakeClusterOptions, string[]]>([
    ["the answer was lost", {}, refusing("create", "jobs.batch", 0), ["create jobs.batch", "delete jobs.batch"]],
    ["the server broke", {}, refusing("create", "jobs.batch", 500), ["create jobs.batch", "delete jobs.batch"]],
    ["it is forbidden", {}, refusing("create", "jobs.batch", 403), ["create jobs.batch"]],
    ["the next call can find it", { key: "run 1" }, refusing("create", "jobs.batch", 0), ["create jobs.batch"]],
    [
      "its secret is refused",
      { secretEnv: { A: "b" } },
      refusing("create", "secrets", 403),
      ["create jobs.batch", "create secrets", "delete jobs.batch"],
    ],
  ])("leaves none where %s", async (_, more, refusal, calls) => {
    const cluster = fakeCluster(refusal);
    await expect(createJob(cluster, { ...options, ...more })).rejects.toMatchObject({ name: "ClusterError" });
    expect(cluster.calls.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual(calls);
    expect(await cluster.list("Job")).toEqual([]);
  });

  it("leaves none where nobody waited for the answer", async () => {
    const cluster = fakeCluster({
      refuse: ({ verb }) => {
        // A signal's own reason, whose code is no status.
        if (verb === "create") throw new DOMException("stop", "AbortError");
        return undefined;
      },
    });
    await expect(createJob(cluster, options)).rejects.toThrow("stop");
    expect(cluster.calls.map(({ verb }) => verb)).toEqual(["create", "delete"]);
  });

  it("finds the first one of its key, with its secret", async () => {
    const cluster = fakeCluster();
    const keyed = { ...options, key: "run 1", secretEnv: { A: "b" } };
    const first = await createJob(cluster, keyed);
    expect((await createJob(cluster, keyed)).metadata.uid).toBe(first.metadata.uid);
    expect(await cluster.list("Secret")).toMatchObject([
      { metadata: { name: first.metadata.name, ownerReferences: [{ kind: "Job", uid: first.metadata.uid }] } },
    ]);
    expect(first.spec?.template.spec?.containers[0]?.envFrom).toEqual([{ secretRef: { name: first.metadata.name } }]);
  });
});

it("runJob says why it could not delete the job", async () => {
  const ended = { conditions: [{ type: "Complete", status: "True" }] };
  const cluster = fakeCluster({
    refuse: ({ verb, resource }) => {
      // It has ended when it is looked at the second time.
      if (verb === "get") void finish();
      return verb === "delete" && resource === "jobs.batch" ? { code: 403 } : undefined;
    },
  });
  const finish = async () => {
    const [job] = await cluster.list("Job");
    if (job !== undefined) cluster.put({ ...job, kind: "Job", status: ended });
  };
  const result = await runJob(cluster, options, { signal });
  expect(result).toMatchObject({ succeeded: true, leftBehind: expect.stringContaining("403 Forbidden") });
});

it.each([
  ["StartError", 'exec: "fix": executable file not found in $PATH', undefined],
  ["Error", undefined, 3],
])("waitForJob of a container that ended with %s", async (reason, message, exitCode) => {
  const cluster = fakeCluster({ logs: "" });
  const job = await createJob(cluster, options);
  const { name, uid = "" } = job.metadata;
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name, uid, controller: true }];
  const terminated = { exitCode: exitCode ?? 128, reason, ...(message ? { message } : {}) };
  const containerStatuses = [{ name: "action", state: { terminated } }];
  cluster.put({
    kind: "Pod",
    metadata: { name: "fix-x", namespace: "shop", ownerReferences },
    status: { containerStatuses },
  });
  cluster.put({
    ...job,
    kind: "Job",
    status: { conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }] },
  });
  const result = await waitForJob(cluster, job, { signal });
  expect(result.exitCode).toBe(exitCode);
  expect(result.why).toBe(`has failed (BackoffLimitExceeded)${message ? `: ${message}` : ""}`);
});
