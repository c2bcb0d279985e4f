import { action, PrometheusKubernetesAlert } from "../index.ts";

export const minimalDefaultEnricher = action({
  name: "minimal_default_enricher",
  description: "Sends an alert with its title and description alone, without a table of its labels.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  run(event) {
    event.addEnrichment([]);
  },
});
