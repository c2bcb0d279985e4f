import * as z from "zod";
import { action, ExecutionBaseEvent, file, markdown } from "../index.ts";
import { describeObject } from "./shared/describe.ts";
import { latestEventsOf, nameOf } from "./shared/events.ts";
import { everyKind, objectParams } from "./shared/kind-param.ts";

const maxEvents = 50;

export const kubectlDescribe = action({
  name: "kubectl_describe",
  description:
    "Attaches an object in words, whichever is named: what it is, how it is, its conditions and the events about it. Secrets are not shown.",
  on: ExecutionBaseEvent,
  effects: "read",
  permissions: [...everyKind("get"), { apiGroups: [""], resources: ["events"], verbs: ["list"] }],
  params: z.strictObject(objectParams),
  async run(event, { kind, name, namespace }) {
    const { cluster } = event;
    const object = await cluster.get(kind, name, namespace ?? undefined);
    if (object === undefined) return event.addEnrichment([markdown(`_There is no ${kind} ${name}._`)]);
    const events = await latestEventsOf(cluster, object, {
      max_events: maxEvents,
      included_types: ["Warning", "Normal"],
    });
    const pod = kind === "Pod" ? cluster.adopt("Pod", object) : undefined;
    const text = describeObject(object, events?.events ?? [], pod);
    event.addEnrichment([file(`${name}.txt`, text)], { title: nameOf(object) });
  },
});
