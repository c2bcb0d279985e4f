import * as z from "zod";
import { action, markdown, PrometheusKubernetesAlert, table } from "../index.ts";
import { isWebAddress } from "./shared/web-address.ts";

export const defaultEnricher = action({
  name: "default_enricher",
  description:
    "Shows an alert's labels, and links to its query in Prometheus and to its runbook where the alert has them. Put it after the silencers.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  params: z.strictObject({
    alert_annotations_enrichment: z.boolean().default(false).describe("Also show the alert's annotations"),
    alert_generator_link: z.boolean().default(true).describe("Link to the query in Prometheus that fired"),
  }),
  run(event, { alert_annotations_enrichment, alert_generator_link }) {
    const { labels, annotations, generatorUrl } = event.alert;
    if (alert_generator_link && isWebAddress(generatorUrl))
      event.addLink({ name: "Prometheus", url: generatorUrl, type: "prometheus_generator_url" });
    if (isWebAddress(annotations.runbook_url)) event.addLink({ name: "Runbook", url: annotations.runbook_url });
    event.addEnrichment([table(["label", "value"], Object.entries(labels))], {
      title: "Alert labels",
      type: "alert_labels",
    });
    if (!alert_annotations_enrichment) return;
    // Texts of several sentences do not fit a table's column.
    const blocks = unsaid(annotations).map(([name, text]) => markdown(`*${name}*\n${text}`));
    if (blocks.length > 0) event.addEnrichment(blocks, { title: "Alert annotations" });
  },
});

/** Those that are not in the finding already: as its title, its description, or a link. */
function unsaid(annotations: Readonly<Record<string, string>>): [string, string][] {
  const description = annotations.description === undefined ? "message" : "description";
  const said = ["summary", description, ...(isWebAddress(annotations.runbook_url) ? ["runbook_url"] : [])];
  return Object.entries(annotations).filter(([name]) => !said.includes(name));
}
