import * as z from "zod";
import { action, ExecutionBaseEvent, kinds, markdown } from "../index.ts";
import { eventsBlock } from "./shared/events.ts";
import { objectParams } from "./shared/kind-param.ts";

const maxEvents = 100;

export const fetchResourceEvents = action({
  name: "fetch_resource_events",
  description: `Shows the Kubernetes events about an object, whichever is named and also where it is gone; newest first, at most ${maxEvents}.`,
  on: ExecutionBaseEvent,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["events"], verbs: ["list"] }],
  params: z.strictObject(objectParams),
  async run(event, { kind, name, namespace }) {
    const within = kinds[kind].namespaced ? { namespace: namespace ?? "default" } : {};
    const found = await event.cluster.list("Event", {
      ...within,
      fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
    });
    const title = `${kind} ${"namespace" in within ? `${within.namespace}/` : ""}${name}`;
    const block = eventsBlock(title, found, { max_events: maxEvents, included_types: ["Warning", "Normal"] });
    event.addEnrichment([block ?? markdown(`_There are no events about ${title}._`)]);
  },
});
