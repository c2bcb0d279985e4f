import * as z from "zod";
import { action, markdown, PrometheusKubernetesAlert, table } from "../index.ts";
import { killedAt, memoryOf, type OomKill, oomKills } from "./shared/oom-kills.ts";

export const oomKillerEnricher = action({
  name: "oom_killer_enricher",
  description: "Lists the containers on a node that were killed for their memory of late, newest first.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
  ],
  params: z.strictObject({
    new_oom_kills_duration_in_sec: z.int().positive().default(1200).describe("How many seconds back kills are shown"),
    metrics_duration_in_secs: z
      .int()
      .positive()
      .default(1200)
      .describe("For the node's memory in Prometheus, which is not asked yet: how many seconds of it"),
  }),
  async run(event, { new_oom_kills_duration_in_sec }, { log }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no kills");
    const pods = await event.cluster.list("Pod", { fieldSelector: `spec.nodeName=${node.metadata.name}` });
    const since = Date.now() - new_oom_kills_duration_in_sec * 1000;
    const kills = pods
      .flatMap(oomKills)
      .filter((kill) => killedAt(kill) >= since)
      .sort((a, b) => killedAt(b) - killedAt(a));
    const title = `Killed for their memory on node ${node.metadata.name}`;
    event.addEnrichment([kills.length > 0 ? killTable(kills) : markdown(none)], { title });
  },
});

/** The kernel kills more than containers' main processes, and tells the kubelet of those alone. */
const none =
  "_No pod on the node says that a container of it was killed in this time. The kill may have hit a process beside a container's first, or the pod is gone._";

const killTable = (kills: readonly OomKill[]) =>
  table(
    ["killed at", "namespace", "pod", "container", "memory", "restarts"],
    kills.map((kill) => [
      kill.finishedAt ?? "",
      kill.pod.metadata.namespace ?? "",
      kill.pod.metadata.name,
      kill.container,
      memoryOf(kill),
      String(kill.restarts),
    ]),
  );
