import * as z from "zod";
import { action, fillTemplate, KubernetesResourceEvent, markdown } from "../index.ts";

export const templateEnricher = action({
  name: "template_enricher",
  description: "Adds a paragraph of markdown with the names, labels and annotations of what the event is about.",
  on: KubernetesResourceEvent,
  effects: "read",
  params: z.strictObject({
    template: z
      .string()
      .default("")
      .describe(`Markdown; $name, $kind, $namespace, $node, \${labels.X} and \${annotations.X} are filled in`),
  }),
  run(event, { template }) {
    const text = fillTemplate(template, event.getSubject());
    if (text.trim() !== "") event.addEnrichment([markdown(text)]);
  },
});
