import { action, markdown, type Pod, PodEvent } from "../index.ts";

export const deletePod = action({
  name: "delete_pod",
  description: "Deletes the pod. What controls it, a ReplicaSet for instance, makes a new one.",
  on: PodEvent,
  effects: "destroy",
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "delete"] }],
  async run(event, _params, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.warn("no pod to delete");
    const { name, namespace, uid } = pod.metadata;
    if (!uid) throw new Error(`the pod ${name} came without its uid; another one may have its name by now`);
    const deleted = await event.cluster.delete("Pod", name, namespace, { uid });
    const text = deleted ? `Deleted the pod *${name}*. ${whatFollows(pod)}` : `The pod *${name}* was gone already.`;
    event.addEnrichment([markdown(text)]);
  },
});

function whatFollows({ metadata }: Pod): string {
  const controller = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (controller === undefined) return "Nothing controls it, so no new one is made.";
  return `Its ${controller.kind} ${controller.name} makes a new one.`;
}
