import { action, controllerOf, markdown, NodeEvent, type Pod, table } from "../index.ts";
import { cordons, setUnschedulable } from "./shared/cordoning.ts";
import { type Drained, drainNode } from "./shared/draining.ts";

export const drain = action({
  name: "drain",
  description:
    "Cordons the node and evicts its pods but those of DaemonSets and static ones. Waits while disruption budgets hold pods back, and says what is left in the end.",
  on: NodeEvent,
  effects: "destroy",
  timeout: 600,
  permissions: [
    ...cordons,
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
    { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  ],
  async run(event, _params, { log, signal }) {
    const node = await event.getNode();
    if (node === undefined) return log.warn("no node to drain");
    await setUnschedulable(event.cluster, node, true);
    const drained: Drained = { evicted: [], skipped: [], left: new Map() };
    try {
      await drainNode(event.cluster, node, drained, signal);
    } finally {
      event.addEnrichment(report(node.metadata.name, drained), { title: `Drain of node ${node.metadata.name}` });
    }
    if (drained.left.size > 0)
      throw new Error(`the node ${node.metadata.name} is not drained; ${drained.left.size} left`);
  },
});

function report(node: string, { evicted, skipped, left }: Drained) {
  const gone = evicted.filter((pod) => !left.has(pod));
  const bare = gone.filter((pod) => controllerOf(pod) === undefined);
  const rows = [
    ...[...left].map(([pod, why]) => row(pod, "left", why)),
    ...gone.map((pod) => row(pod, "evicted", bare.includes(pod) ? "nothing controls it, so no new one is made" : "")),
    ...skipped.map(({ pod, why }) => row(pod, "skipped", why)),
  ];
  const state = left.size === 0 ? "is drained" : `is *not drained*: ${left.size} of its pods are left`;
  const text = markdown(`The node *${node}* is cordoned and ${state}.`);
  return rows.length === 0 ? [text] : [text, table(["namespace", "pod", "outcome", "why"], rows)];
}

const row = ({ metadata }: Pod, outcome: string, why: string) => [
  metadata.namespace ?? "",
  metadata.name,
  outcome,
  why,
];
