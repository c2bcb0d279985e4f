import * as z from "zod";
import { action, fillTemplate, KubernetesResourceEvent, links } from "../index.ts";
import { isWebAddress } from "./shared/web-address.ts";

const places = `$name, $kind, $namespace, $node, \${labels.X} and \${annotations.X} are filled in`;

export const buttonEnricher = action({
  name: "button_enricher",
  description: "Adds a button that opens a web page about what the event is about.",
  on: KubernetesResourceEvent,
  effects: "read",
  params: z.strictObject({
    button_text: z.string().min(1).describe(`What the button says; ${places}`),
    button_url: z.string().min(1).describe(`Where it leads, http or https; ${places}`),
  }),
  run(event, { button_text, button_url }, { log }) {
    const subject = event.getSubject();
    const url = fillTemplate(button_url, subject);
    if (!isWebAddress(url)) return log.warn("no button, as this is no address of a web page", { url });
    event.addEnrichment([links([{ text: fillTemplate(button_text, subject), url: new URL(url).href }])]);
  },
});
