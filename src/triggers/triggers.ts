import { anyResourceTriggers } from "./any-resource.ts";
import { jobFailure } from "./job-failure.ts";
import { objectChangeTriggers } from "./object-changes.ts";
import { podTroubleTriggers } from "./pod-troubles.ts";
import { prometheusAlert } from "./prometheus-alert.ts";
import type { AnyTrigger } from "./trigger.ts";
import { warningEventTriggers } from "./warning-events.ts";

/** Every trigger that a playbook may name. */
export const triggers: readonly AnyTrigger[] = [
  prometheusAlert,
  ...podTroubleTriggers,
  jobFailure,
  ...warningEventTriggers,
  ...objectChangeTriggers,
  ...anyResourceTriggers,
];
