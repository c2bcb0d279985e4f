/** Disruption budgets, as their controller would keep them if it were always up to date. */

import { at, isRecord, type JsonRecord, recordsAt, textAt } from "./json.ts";
import { labelSelector } from "./label-selector.ts";
import { badRequest, Refusal } from "./status.ts";
import type { ApiObject, ObjectStore } from "./store.ts";

/** Throws the 429 of an API server where a budget has no room for the eviction, and its 400 for a version that is not served. */
export function checkEviction(store: ObjectStore, pod: ApiObject, apiVersion: unknown): void {
  const budgets = store.resourceOf({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "any" } });
  if (apiVersion === "policy/v1" && !budgets.versions.includes("v1")) {
    throw badRequest(
      `no kind "Eviction" is registered for version "policy/v1" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  if (textAt(pod, "status", "phase") !== "Running" || pod.metadata.deletionTimestamp !== undefined) return;
  const pods = store.list(store.resourceOf(pod), pod.metadata.namespace);
  const [budget] = store.list(budgets, pod.metadata.namespace).filter((one) => selects(one, pod));
  if (budget === undefined) return;
  const expected = pods.filter((one) => selects(budget, one));
  const healthy = expected.filter(isHealthy).length;
  const needed = neededBy(budget, expected.length);
  if (healthy > needed) return;
  const message = `The disruption budget ${budget.metadata.name} needs ${needed} healthy pods and has ${healthy} currently`;
  throw new Refusal(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: "DisruptionBudget", message }],
  });
}

function selects(budget: ApiObject, pod: ApiObject): boolean {
  const labels = at(budget, "spec", "selector", "matchLabels");
  const wanted = isRecord(labels) ? Object.entries(labels) : [];
  return wanted.length > 0 && labelSelector(wanted.map(([key, value]) => `${key}=${value}`).join(","))(pod);
}

const isHealthy = (pod: ApiObject): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  recordsAt(pod, "status", "conditions").some(({ type, status }) => type === "Ready" && status === "True");

function neededBy({ spec }: ApiObject, expected: number): number {
  const { minAvailable, maxUnavailable = 1 }: JsonRecord = isRecord(spec) ? spec : {};
  const count = (value: unknown): number =>
    typeof value === "string" ? Math.ceil((Number.parseInt(value, 10) / 100) * expected) : Number(value);
  return minAvailable === undefined ? Math.max(0, expected - count(maxUnavailable)) : count(minAvailable);
}
