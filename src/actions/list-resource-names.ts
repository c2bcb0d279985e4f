import * as z from "zod";
import { action, ExecutionBaseEvent, list, markdown } from "../index.ts";
import { everyKind, kindParam } from "./shared/kind-param.ts";

export const listResourceNames = action({
  name: "list_resource_names",
  description: "Lists the names of the objects of a kind.",
  on: ExecutionBaseEvent,
  effects: "read",
  permissions: everyKind("list"),
  params: z.strictObject({
    kind: kindParam.describe("Of which kind: pod, deployment, node, …"),
    namespace: z.string().nullish().describe("In which namespace; default: all of them, and the names say which"),
  }),
  async run(event, { kind, namespace }) {
    const objects = await event.cluster.list(kind, namespace ? { namespace } : {});
    const names = objects.map(({ metadata }) =>
      namespace || metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`,
    );
    event.addEnrichment([names.length === 0 ? markdown(`_There is no ${kind}._`) : list(names)], {
      title: `${kind} names`,
    });
  },
});
