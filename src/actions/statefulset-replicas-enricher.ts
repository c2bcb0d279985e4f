import { action, list, markdown, PrometheusKubernetesAlert, relatedPods, type StatefulSet, table } from "../index.ts";
import { deploymentPodsPermissions, isWell } from "./shared/pods.ts";

export const statefulsetReplicasEnricher = action({
  name: "statefulset_replicas_enricher",
  description:
    "Says how many replicas of a StatefulSet there are and should be, and which of its pods hold the others up.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [{ apiGroups: ["apps"], resources: ["statefulsets"], verbs: ["get"] }, ...deploymentPodsPermissions],
  async run(event, _params, { log }) {
    const statefulSet = await event.getStatefulSet();
    if (statefulSet === undefined) return log.info("no StatefulSet, no replicas");
    const title = `Replicas of StatefulSet ${statefulSet.metadata.name}`;
    const unwell = (await relatedPods(event.cluster, statefulSet)).filter((pod) => !isWell(pod)).sort(byOrdinal);
    const rows = unwell.map(({ metadata, status }) => [metadata.name, status?.phase ?? "Unknown"]);
    event.addEnrichment(
      [
        list(counts(statefulSet)),
        ...(rows.length > 0 ? [table(["pod that is not ready", "phase"], rows)] : []),
        ...(unwell.length > 0 && inOrder(statefulSet) ? [markdown(oneByOne)] : []),
      ],
      { title },
    );
  },
});

/** https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees */
const oneByOne = "_Its pods are started and updated one after the other: while one is not ready, those after it wait._";
const inOrder = ({ spec }: StatefulSet): boolean => spec?.podManagementPolicy !== "Parallel";

function counts({ spec, status }: StatefulSet): string[] {
  const {
    replicas = 0,
    readyReplicas = 0,
    currentRevision = "",
    updateRevision = "",
    updatedReplicas = 0,
  } = status ?? {};
  const updating = currentRevision !== updateRevision;
  return [
    `Replicas: ${spec?.replicas ?? 1} wanted, ${replicas} made, ${readyReplicas} ready`,
    ...(updating ? [`It is being updated to ${updateRevision}: ${updatedReplicas} replicas are.`] : []),
  ];
}

const ordinal = (name: string): number => Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
const byOrdinal = (a: { metadata: { name: string } }, b: { metadata: { name: string } }): number =>
  ordinal(a.metadata.name) - ordinal(b.metadata.name);
