import { action, file, KubernetesResourceEvent, toYaml } from "../index.ts";
import { nameOf } from "./shared/events.ts";

export const getResourceYaml = action({
  name: "get_resource_yaml",
  description: "Attaches the object as YAML. Values of Secrets are not shown.",
  on: KubernetesResourceEvent,
  effects: "read",
  async run(event, _params, { log }) {
    const resource = await event.getResource();
    if (resource === undefined) return log.info("no object, no YAML");
    const text = await toYaml(resource);
    event.addEnrichment([file(`${resource.metadata.name}.yaml`, text)], { title: nameOf(resource) });
  },
});
