/** With which rights commands run on nodes. That these are no more than needed is shown on a real node, in test/real/running.test.ts. */
import { expect, it } from "vitest";
import { type NodeAccess, runOnNode } from "../../src/index.ts";
import { fakeCluster } from "../../src/testing.ts";

const { signal } = new AbortController();

/** The job that is made for it, as far as a cluster that takes none sees it. */
async function jobFor(access: NodeAccess) {
  const made: unknown[] = [];
  const fake = fakeCluster({ refuse: () => ({ code: 403 }) });
  const cluster: typeof fake = Object.assign(fake, {
    create: (...call: Parameters<typeof fake.create>) => {
      made.push(call[1]);
      return fake.get("Pod", "refused");
    },
  });
  const command = { node: "node-1", namespace: "tools", access, command: "uptime" };
  await expect(runOnNode(cluster, command, { signal })).rejects.toMatchObject({ code: 403 });
  return made[0];
}

const confined = (...add: string[]) => ({
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"], ...(add.length > 0 ? { add } : {}) },
  seccompProfile: { type: "RuntimeDefault" },
});
const plain = ["sh", "-c", "uptime"];
const host = { name: "host", hostPath: { path: "/", type: "Directory" } };
const mount = { name: "host", mountPath: "/host", readOnly: true };

it.each<[NodeAccess, object, object]>([
  ["none", {}, { command: plain, securityContext: confined() }],
  ["processes", { hostPID: true }, { command: plain, securityContext: confined() }],
  ["ptrace", { hostPID: true }, { command: plain, securityContext: confined("SYS_PTRACE") }],
  ["files", { volumes: [host] }, { command: plain, securityContext: confined(), volumeMounts: [mount] }],
  ["kernel-log", {}, { command: plain, securityContext: confined("SYSLOG") }],
  [
    "shell",
    { hostPID: true },
    {
      command: ["nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "--", ...plain],
      securityContext: { privileged: true },
    },
  ],
])("the access `%s`", async (access, pod, container) => {
  const labels = { "app.kubernetes.io/managed-by": "cortado" };
  expect(await jobFor(access)).toEqual({
    metadata: { name: expect.stringMatching(/^node-command-/), namespace: "tools", labels },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: 120,
      activeDeadlineSeconds: 120,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          nodeName: "node-1",
          tolerations: [{ operator: "Exists" }],
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 0,
          ...pod,
          containers: [
            {
              name: "action",
              image: "busybox:1.37.0",
              resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
              ...container,
            },
          ],
        },
      },
    },
  });
});
