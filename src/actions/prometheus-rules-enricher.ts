import { action, markdown, PrometheusKubernetesAlert } from "../index.ts";

/** The operator makes one such Service for the kubelets; a second installation makes another. */
const kubelets = "k8s-app=kubelet,app.kubernetes.io/managed-by=prometheus-operator";

export const prometheusRulesEnricher = action({
  name: "prometheus_rules_enricher",
  description:
    "Says of a rule on kubelets that fails whether the kubelets are scraped more than once, which makes it fail.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["services"], verbs: ["list"] }],
  async run(event, _params, { log }) {
    if (!event.alert.labels.rule_group?.includes("kubelet")) return log.info("the rules that fail are not on kubelets");
    const services = await event.cluster.list("Service", { labelSelector: kubelets });
    if (services.length < 2) return log.info("the kubelets have no second service");
    const names = services.map(({ metadata: { namespace, name } }) => `\`${namespace}/${name}\``).join(", ");
    event.addEnrichment([
      markdown(
        `The kubelets are scraped once for each of ${services.length} services: ${names}. Rules that join their metrics fail over doubles; delete the services that no Prometheus Operator needs any more.`,
      ),
    ]);
  },
});
