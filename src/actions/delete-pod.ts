import { action, markdown, PodEvent } from "../index.ts";
import { deletePodAndTell } from "./shared/deleting.ts";

export const deletePod = action({
  name: "delete_pod",
  description: "Deletes the pod. What controls it, a ReplicaSet for instance, makes a new one.",
  on: PodEvent,
  effects: "destroy",
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "delete"] }],
  async run(event, _params, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.warn("no pod to delete");
    event.addEnrichment([markdown(await deletePodAndTell(event.cluster, pod))]);
  },
});
