import * as z from "zod";
import { action, markdown, PrometheusKubernetesAlert, table } from "../index.ts";

const isWebAddress = (url: string | undefined): url is string =>
  url !== undefined && URL.canParse(url) && /^https?:/.test(url);

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
    if (alert_generator_link && isWebAddress(generatorUrl)) event.addLink({ name: "Prometheus", url: generatorUrl });
    if (isWebAddress(annotations.runbook_url)) event.addLink({ name: "Runbook", url: annotations.runbook_url });
    event.addEnrichment([table(["label", "value"], Object.entries(labels))], { title: "Alert labels" });
    if (!alert_annotations_enrichment) return;
    // Texts of several sentences do not fit a table's column, and the finding says its title and description already.
    const said = [event.getTitle(), event.getDescription()];
    const shown = Object.entries(annotations).filter(([, text]) => !said.includes(text));
    if (shown.length === 0) return;
    const blocks = shown.map(([name, text]) => markdown(`*${name}*\n${text}`));
    event.addEnrichment(blocks, { title: "Alert annotations" });
  },
});
