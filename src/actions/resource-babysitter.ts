import * as z from "zod";
import { action, diff, file, KubernetesAnyChangeEvent, markdown, toYaml } from "../index.ts";
import { readableChanges } from "./shared/changes.ts";
import { nameOf } from "./shared/events.ts";

export const resourceBabysitter = action({
  name: "resource_babysitter",
  description:
    "Makes a finding of a change of an object: the fields that changed, before and after; of what is created or deleted, its YAML. Which changes count is said by the trigger's `change_filters`.",
  on: KubernetesAnyChangeEvent,
  effects: "read",
  permissions: [],
  params: z.strictObject({
    ignored_namespaces: z.array(z.string()).default([]).describe("Namespaces whose objects are not told of"),
  }),
  async run(event, { ignored_namespaces: ignored }, { log }) {
    const { obj, oldObj, operation } = event;
    const { name, namespace = "" } = obj.metadata;
    if (ignored.includes(namespace)) return log.info("its namespace is ignored", { name, namespace });
    const changes = readableChanges(event);
    if (oldObj !== undefined && changes.length === 0)
      return log.info("nothing changed that is worth reading", { name });
    event.addFinding({
      title: `${nameOf(obj)} ${operation}d`,
      aggregationKey: "ConfigurationChange/KubernetesResource/Change",
    });
    const unknown = operation === "update" && oldObj === undefined;
    event.addEnrichment(
      [
        ...(unknown ? [markdown("_What changed is not known: nobody has said how it was before._")] : []),
        ...(operation === "update" && !unknown
          ? [diff(nameOf(obj), changes)]
          : [file(`${name}.yaml`, await toYaml(obj))]),
      ],
      { title: "Kubernetes Manifest Change", type: "diff" },
    );
  },
});
