import { action, EventChangeEvent } from "../index.ts";
import { eventFinding, keyOfType } from "./shared/event-findings.ts";

export const eventReport = action({
  name: "event_report",
  description:
    "Makes a finding of a Kubernetes Event; its aggregation key is `KubernetesWarningEvent` or `KubernetesNormalEvent`.",
  on: EventChangeEvent,
  effects: "read",
  permissions: [],
  run(event) {
    event.addFinding(eventFinding(event.obj, { aggregationKey: keyOfType(event.obj) }));
  },
});
