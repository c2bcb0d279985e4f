import * as z from "zod";
import { action, markdown, PrometheusKubernetesAlert, prometheusParams, table } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";
import { killReasons } from "./shared/kill-reasons.ts";
import { killedAt, memoryOf, type OomKill, oomKills } from "./shared/oom-kills.ts";

export const oomKillerEnricher = action({
  name: "oom_killer_enricher",
  description:
    "Lists the containers on a node that were killed for their memory of late, newest first, and what Prometheus says of the reason.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    ...findsPrometheus,
  ],
  params: z.strictObject({
    ...prometheusParams,
    new_oom_kills_duration_in_sec: z.int().positive().default(1200).describe("How many seconds back kills are shown"),
    metrics_duration_in_secs: z
      .int()
      .positive()
      .default(1200)
      .describe("How many seconds of the memory of containers and of the node are looked at for a reason"),
  }),
  async run(event, params, { log, prometheus }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no kills");
    const pods = await event.cluster.list("Pod", { fieldSelector: `spec.nodeName=${node.metadata.name}` });
    const since = Date.now() - params.new_oom_kills_duration_in_sec * 1000;
    const kills = pods
      .flatMap(oomKills)
      .filter((kill) => killedAt(kill) >= since)
      .sort((a, b) => killedAt(b) - killedAt(a));
    const title = `Killed for their memory on node ${node.metadata.name}`;
    if (kills.length === 0) return event.addEnrichment([markdown(none)], { title });
    let reasons: readonly string[] = [];
    try {
      reasons = await killReasons(await prometheus(params), { kills, node, params });
    } finally {
      // Where Prometheus does not answer, this is what there is to say; that it did not answer is said in a note.
      event.addEnrichment([killTable(kills, reasons)], { title });
    }
  },
});

/** The kernel kills more than containers' main processes, and tells the kubelet of those alone. */
const none =
  "_No pod on the node says that a container of it was killed in this time. The kill may have hit a process beside a container's first, or the pod is gone._";

const killTable = (kills: readonly OomKill[], reasons: readonly string[]) =>
  table(
    ["killed at", "namespace", "pod", "container", "memory", "restarts", "likely reason"],
    kills.map((kill, index) => [
      kill.finishedAt ?? "",
      kill.pod.metadata.namespace ?? "",
      kill.pod.metadata.name,
      kill.container,
      memoryOf(kill),
      String(kill.restarts),
      reasons[index] ?? "unknown",
    ]),
  );
