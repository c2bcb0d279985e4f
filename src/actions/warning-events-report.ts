import * as z from "zod";
import { action, EventChangeEvent, fillTemplate } from "../index.ts";
import { eventFinding, keyOfType } from "./shared/event-findings.ts";

const group = z.strictObject({
  aggregation_key: z.string().describe("The aggregation key of findings of this group"),
  matchers: z.array(z.string()).describe("The reasons of Events that are of this group"),
  description: z
    .string()
    .nullish()
    .describe("In place of the Event's message, with `$name`, `$kind` and `$namespace` of what it is about"),
});

export const warningEventsReport = action({
  name: "warning_events_report",
  description:
    "Makes a finding of a Kubernetes Event, with the aggregation key of the first group that has its reason.",
  on: EventChangeEvent,
  effects: "read",
  permissions: [],
  params: z.strictObject({
    warning_event_groups: z.array(group).describe("Which reasons belong together; the first group that has one counts"),
  }),
  run(event, { warning_event_groups: groups }) {
    const { reason = "" } = event.obj;
    const found = groups.find(({ matchers }) => matchers.includes(reason));
    const description = found?.description ? fillTemplate(found.description, event.getSubject()) : undefined;
    event.addFinding(
      eventFinding(event.obj, {
        aggregationKey: found?.aggregation_key ?? keyOfType(event.obj),
        ...(description === undefined ? {} : { description }),
      }),
    );
  },
});
