import * as z from "zod";
import { action, EventChangeEvent } from "../index.ts";
import { eventFinding } from "./shared/event-findings.ts";

export const createEventFinding = action({
  name: "create_event_finding",
  description: "Makes a finding of a Kubernetes Event: its reason, its message, and what it is about.",
  on: EventChangeEvent,
  effects: "read",
  permissions: [],
  params: z.strictObject({ aggregation_key: z.string().describe("The finding's aggregation key") }),
  run(event, { aggregation_key: aggregationKey }) {
    event.addFinding(eventFinding(event.obj, { aggregationKey }));
  },
});
