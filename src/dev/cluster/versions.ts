/** One object in the several versions of its group that are served. */

import { at, isRecord, type JsonRecord, recordsAt } from "./json.ts";
import type { Resource } from "./resources.ts";
import type { ApiObject } from "./store.ts";

/** Objects are kept as they came; where a request names another version, that one is answered. */
export function inVersion(object: ApiObject, { kind }: Resource, apiVersion: string): ApiObject {
  if (object.apiVersion === apiVersion) return typed(object, kind, apiVersion);
  const relabelled = typed(object, kind, apiVersion);
  if (kind !== "HorizontalPodAutoscaler") return relabelled;
  return apiVersion === "autoscaling/v1" ? autoscalerToV1(relabelled) : autoscalerFromV1(relabelled);
}

const typed = (object: ApiObject, kind: string, apiVersion: string): ApiObject => ({ ...object, kind, apiVersion });

const isCpuUtilization = (metric: JsonRecord): boolean =>
  metric.type === "Resource" && at(metric, "resource", "name") === "cpu";

/** autoscaling/v1 knows CPU alone: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v1/ */
function autoscalerToV1(object: ApiObject): ApiObject {
  if (!isRecord(object.spec)) return object;
  const { metrics: _metrics, behavior: _behavior, ...spec } = object.spec;
  const target = at(recordsAt(object, "spec", "metrics").find(isCpuUtilization), "resource", "target");
  const percentage = at(target, "averageUtilization");
  const { currentMetrics: _current, conditions: _conditions, ...status } = isRecord(object.status) ? object.status : {};
  return {
    ...object,
    spec: { ...spec, ...(percentage === undefined ? {} : { targetCPUUtilizationPercentage: percentage }) },
    status,
  };
}

function autoscalerFromV1(object: ApiObject): ApiObject {
  if (!isRecord(object.spec) || object.spec.targetCPUUtilizationPercentage === undefined) return object;
  const { targetCPUUtilizationPercentage: averageUtilization, ...spec } = object.spec;
  const target = { type: "Utilization", averageUtilization };
  return { ...object, spec: { ...spec, metrics: [{ type: "Resource", resource: { name: "cpu", target } }] } };
}
