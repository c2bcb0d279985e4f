import { action, markdown, type Pod, PodEvent } from "../index.ts";
import { totalOf } from "./shared/resources.ts";

export const cpuThrottlingAnalysisEnricher = action({
  name: "cpu_throttling_analysis_enricher",
  description:
    "Says why a pod is throttled and what to do about it, and silences what nobody can do anything about: metrics-server on GKE.",
  on: PodEvent,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  async run(event, _params, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod that is throttled");
    if (isMetricsServer(pod) && isManagedByGke(pod)) {
      log.info("silenced: the throttling of GKE's own metrics-server is known, and GKE alone can change it");
      return event.stopProcessing();
    }
    event.addEnrichment(explanation(pod).map(markdown), { title: "Why it is throttled" });
  },
});

const isMetricsServer = ({ metadata }: Pod): boolean => metadata.name.startsWith("metrics-server-");

/** The toleration that GKE gives the components that it manages. */
const isManagedByGke = ({ spec }: Pod): boolean =>
  spec?.tolerations?.some(({ key }) => key === "components.gke.io/gke-managed-components") === true;

function explanation(pod: Pod): readonly string[] {
  const limit = totalOf(pod.spec?.containers ?? [], "limits", "cpu");
  if (limit === 0) return withoutLimit;
  return isMetricsServer(pod) ? ofMetricsServer : withLimit;
}

const ofMetricsServer = [
  "*Why:* the CPU limit that metrics-server comes with is <https://github.com/kubernetes/autoscaler/issues/4141|too low for it>.",
  "*What to do:* raise its CPU limit. Where an addon manager or a nanny container sets it, raise it there, or it is set back.",
];
const withLimit = [
  "*Why:* a container of the pod wanted CPU and was held back by its CPU limit. The limit counts in every tenth of a second, so this happens also where the average usage is far below it.",
  "*What to do:* remove the pod's CPU limit and keep its request, which is what it is sure to get; or raise the limit.",
];
const withoutLimit = [
  "*Why:* no container of the pod has a CPU limit; it uses more CPU than it requests, and its node has none to spare.",
  "*What to do:* raise the pod's CPU request to what it uses. It is then only placed where that much is left.",
];
