import { action, EventChangeEvent } from "../index.ts";
import { eventsBlock } from "./shared/events.ts";

/** Enough to see what led to the Event. */
const choice = { max_events: 8, included_types: ["Warning", "Normal"] };

export const eventResourceEvents = action({
  name: "event_resource_events",
  description: "Shows the other Events about the object that an Event is about: the latest 8, newest first.",
  on: EventChangeEvent,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["events"], verbs: ["list"] }],
  async run(event, _params, { log }) {
    const { kind, name, namespace } = event.obj.involvedObject;
    if (!kind || !name) return log.info("the Event is about nothing that has a name");
    const found = await event.cluster.list("Event", {
      // The Events of what has no namespace are in `default`, where the Event itself is.
      namespace: event.obj.metadata.namespace ?? namespace ?? "default",
      fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
    });
    const block = eventsBlock(`${kind} ${namespace ? `${namespace}/` : ""}${name}`, found, choice);
    if (block === undefined) return log.info("no other Events about the object", { name });
    event.addEnrichment([block], { title: "Related Events", type: "k8s_events" });
  },
});
