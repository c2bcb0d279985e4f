import * as z from "zod";
import { action, ExecutionBaseEvent, file, markdown, toYaml } from "../index.ts";
import { nameOf } from "./shared/events.ts";
import { everyKind, objectParams } from "./shared/kind-param.ts";

export const fetchResourceYaml = action({
  name: "fetch_resource_yaml",
  description: "Attaches an object of the cluster as YAML, whichever is named. Secrets are not shown.",
  on: ExecutionBaseEvent,
  effects: "read",
  permissions: everyKind("get"),
  params: z.strictObject(objectParams),
  async run(event, { kind, name, namespace }) {
    const object = await event.cluster.get(kind, name, namespace ?? undefined);
    if (object === undefined) return event.addEnrichment([markdown(`_There is no ${kind} ${name}._`)]);
    event.addEnrichment([file(`${name}.yaml`, await toYaml(object))], { title: nameOf(object) });
  },
});
