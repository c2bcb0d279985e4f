import { action, PrometheusKubernetesAlert } from "../index.ts";
import { looksForMisscheduling, nodesBeingDeleted } from "./shared/misscheduling.ts";

export const daemonsetMisscheduledSmartSilencer = action({
  name: "daemonset_misscheduled_smart_silencer",
  description:
    "Silences the alert that a DaemonSet is misscheduled where its nodes are being deleted, which is no mistake.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: looksForMisscheduling,
  async run(event, _params, { log }) {
    const daemonSet = await event.getDaemonSet();
    if (daemonSet === undefined) return log.info("no DaemonSet, nothing is silenced");
    const nodes = await nodesBeingDeleted(event.cluster, daemonSet);
    if (nodes.length === 0) return;
    log.info("silenced: pods run on nodes that the cluster autoscaler is deleting", { nodes });
    event.stopProcessing();
  },
});
