/** What an author's tests import: `import { podEvent, runAction } from "cortado/testing"`. */
export {
  type AlertEventOptions,
  alertEvent,
  type ChangeEventOptions,
  changeEvent,
  type PodEventOptions,
  podEvent,
  type ResourceEventOptions,
  resourceEvent,
  type TestEvent,
} from "./testing/events.ts";
export { type FakeCluster, type FakeClusterOptions, fakeCluster } from "./testing/fake-cluster.ts";
export {
  type FakePrometheus,
  type FakePrometheusOptions,
  fakePrometheus,
  type PrometheusQuestion,
} from "./testing/fake-prometheus.ts";
export type { Refusal } from "./testing/object-store.ts";
export type { EventInput, ObjectInput } from "./testing/objects.ts";
export { type FakeRateLimiters, fakeRateLimiters } from "./testing/rate-limiter.ts";
export { type ActionRun, type RunActionOptions, runAction } from "./testing/run-action.ts";
export type { ContainerLog, ExecAnswer, ExecRequest, ExecScript, LogRequest, LogScript } from "./testing/scripts.ts";

import { type ChangeEventOptions, changeEvent, type ResourceEventOptions, resourceEvent } from "./testing/events.ts";

/** An event about a node. */
export const nodeEvent = (options?: ResourceEventOptions) => resourceEvent("Node", options);
/** An event about a deployment. */
export const deploymentEvent = (options?: ResourceEventOptions) => resourceEvent("Deployment", options);
/** A change of a pod. */
export const podChangeEvent = (options?: ChangeEventOptions) => changeEvent("Pod", options);
