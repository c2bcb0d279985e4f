/** Findings of Kubernetes Events. */
import type { KubernetesEvent, NewFinding } from "../../index.ts";

/** `Warning BackOff`, of what: `Pod shop/checkout-7d9f`. */
export function eventFinding(
  { type = "Normal", reason = "", message = "", involvedObject: about }: KubernetesEvent,
  { aggregationKey, description = message }: { readonly aggregationKey: string; readonly description?: string },
): NewFinding {
  const name = [about.namespace, about.name].filter((part) => part).join("/");
  return {
    title: `${reason} ${type} for ${about.kind ?? "object"} ${name}`,
    description,
    aggregationKey,
    severity: type === "Normal" ? "INFO" : "DEBUG",
  };
}

/** `KubernetesWarningEvent` */
export const keyOfType = ({ type = "Normal" }: KubernetesEvent): string => `Kubernetes${type}Event`;
