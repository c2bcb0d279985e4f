import { action, DaemonSetEvent, markdown } from "../index.ts";
import { deletionTaint, looksForMisscheduling, nodesBeingDeleted } from "./shared/misscheduling.ts";

export const daemonsetMisscheduledAnalysisEnricher = action({
  name: "daemonset_misscheduled_analysis_enricher",
  description:
    "Says whether a DaemonSet counts as misscheduled only because its nodes are being deleted, and how to end that.",
  on: DaemonSetEvent,
  effects: "read",
  permissions: looksForMisscheduling,
  async run(event, _params, { log }) {
    const daemonSet = await event.getDaemonSet();
    if (daemonSet === undefined) return log.info("no DaemonSet, no analysis");
    const nodes = await nodesBeingDeleted(event.cluster, daemonSet);
    if (nodes.length === 0) return log.info("no pod of it runs on a node that is being deleted");
    event.addEnrichment(
      [
        markdown(
          `*A false alarm:* the cluster autoscaler is deleting ${nodes.map((name) => `\`${name}\``).join(", ")}. A pod that runs there until the end counts as misscheduled, as the DaemonSet does not tolerate the taint of such nodes.`,
        ),
        markdown(
          `*What to do:* add this to the DaemonSet's pod template, or let the action \`daemonset_misscheduled_smart_silencer\` silence the alert.\n\`\`\`\ntolerations:\n- key: ${deletionTaint}\n  operator: Exists\n  effect: NoSchedule\n\`\`\``,
        ),
      ],
      { title: "Why it is misscheduled" },
    );
  },
});
