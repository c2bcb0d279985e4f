import { anyResourceTriggers } from "./any-resource.ts";
import { objectChangeTriggers } from "./object-changes.ts";
import { prometheusAlert } from "./prometheus-alert.ts";
import type { AnyTrigger } from "./trigger.ts";

/** Every trigger that a playbook may name. */
export const triggers: readonly AnyTrigger[] = [prometheusAlert, ...objectChangeTriggers, ...anyResourceTriggers];
