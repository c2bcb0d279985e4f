import * as z from "zod";
import { action, ExecutionBaseEvent, markdown } from "../index.ts";
import { podTable } from "./shared/pod-table.ts";

export const listPods = action({
  name: "list_pods",
  description: "Lists the pods whose name begins with a text, with what they ask for and how they are.",
  on: ExecutionBaseEvent,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }],
  params: z.strictObject({
    name: z.string().min(1).describe("What their names begin with; the whole name finds one pod"),
    namespace: z.string().nullish().describe("In which namespace; default: all of them"),
    limit: z.int().positive().default(50).describe("How many at most"),
  }),
  async run(event, { name, namespace, limit }, { clusterName }) {
    const all = await event.cluster.list("Pod", namespace ? { namespace } : {});
    const found = all.filter(({ metadata }) => metadata.name.startsWith(name)).slice(0, limit);
    const block =
      found.length === 0 ? markdown(`_No pod's name begins with ${name}._`) : podTable(found, clusterName, "pods");
    event.addEnrichment([block], { title: "Pods" });
  },
});
