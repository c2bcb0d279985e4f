import { action, markdown, PrometheusKubernetesAlert } from "../index.ts";
import { isWebAddress } from "./shared/web-address.ts";

export const alertDefinitionEnricher = action({
  name: "alert_definition_enricher",
  description: "Shows the Prometheus query that fired, and links to it.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  run(event, _params, { log }) {
    const { generatorUrl } = event.alert;
    const query = event.getPrometheusQuery();
    if (query === undefined) log.info("the alert's link to Prometheus has no query", { alert: event.alertName });
    else event.addEnrichment([markdown(`\`\`\`\n${query}\n\`\`\``)], { title: "Alert definition" });
    if (isWebAddress(generatorUrl))
      event.addLink({ name: "Prometheus", url: generatorUrl, type: "prometheus_generator_url" });
  },
});
