import * as z from "zod";
import { action, markdown, PrometheusKubernetesAlert } from "../index.ts";

export const alertExplanationEnricher = action({
  name: "alert_explanation_enricher",
  description: "Adds in your words what an alert means, and what to do about it.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  params: z.strictObject({
    alert_explanation: z.string().nullish().describe("What it means that this alert fires; markdown"),
    recommended_resolution: z.string().nullish().describe("What to do about it; markdown"),
  }),
  run(event, { alert_explanation, recommended_resolution }) {
    const texts = [
      ...(alert_explanation ? [`*What it means:* ${alert_explanation}`] : []),
      ...(recommended_resolution ? [`*What to do:* ${recommended_resolution}`] : []),
    ];
    if (texts.length > 0) event.addEnrichment(texts.map(markdown));
  },
});
