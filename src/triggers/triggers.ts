import { objectChangeTriggers } from "./object-changes.ts";
import { onPrometheusAlert } from "./prometheus-alert.ts";
import type { AnyTrigger } from "./trigger.ts";

/** Every trigger that a playbook may name. */
export const triggers: readonly AnyTrigger[] = [onPrometheusAlert, ...objectChangeTriggers];
