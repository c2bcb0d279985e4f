import { action, type Cluster, type KubernetesObject, KubernetesResourceEvent, markdown } from "../index.ts";

export const rolloutRestart = action({
  name: "rollout_restart",
  description:
    "Restarts a Deployment, StatefulSet or DaemonSet as `kubectl rollout restart` does: its pods are replaced as by a rollout. Of a pod or a ReplicaSet, the workload that controls it.",
  on: KubernetesResourceEvent,
  effects: "change",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get"] },
    { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "daemonsets"], verbs: ["get", "patch"] },
  ],
  async run(event, _params, { log }) {
    const object = await event.getResource();
    if (object === undefined) return log.warn("nothing to restart");
    const workload = await workloadOf(event.cluster, object);
    if (workload === undefined)
      throw new Error(`${nameOf(object)} is no workload that can be restarted, nor is it of one`);
    const { kind, metadata, spec } = workload;
    if (spec?.paused === true)
      throw new Error(`${nameOf(workload)} is paused; resume its rollout before it is restarted`);
    // The annotation that kubectl writes, so that both are seen as one history.
    const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
    const patch = { spec: { template: { metadata: { annotations } } } };
    await event.cluster.patch(kind, metadata.name, metadata.namespace, { type: "merge", patch });
    const byHand = spec?.updateStrategy?.type === "OnDelete";
    const follows = byHand ? " Its pods are replaced as they are deleted: its update strategy is OnDelete." : "";
    event.addEnrichment([markdown(`Restarted the ${kind} *${metadata.namespace}/${metadata.name}*.${follows}`)]);
  },
});

const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet"] as const;
type WorkloadKind = (typeof workloadKinds)[number];
interface Workload extends KubernetesObject {
  readonly kind: WorkloadKind;
  readonly spec?: { readonly paused?: boolean; readonly updateStrategy?: { readonly type?: string } };
}

/** Of the group `apps`: others have kinds of these names too. */
const isWorkload = (object: KubernetesObject): object is Workload =>
  (object.apiVersion ?? "apps/v1").startsWith("apps/") && workloadKinds.some((kind) => kind === object.kind);

async function workloadOf(cluster: Cluster, object: KubernetesObject): Promise<Workload | undefined> {
  if (isWorkload(object)) return object;
  if (object.kind !== "Pod" && object.kind !== "ReplicaSet") return undefined;
  const owners = await cluster.adopt(object.kind, object).owners();
  return owners.find(isWorkload);
}

const nameOf = ({ kind = "object", metadata }: KubernetesObject): string => `the ${kind} ${metadata.name}`;
