/** What the outside can import, by value: a name more or less is a decision, and shows here. */
import { expect, it } from "vitest";
import * as cortado from "../src/index.ts";
import * as testing from "../src/testing.ts";

it("cortado", () => {
  expect(Object.keys(cortado).sort()).toMatchInlineSnapshot(`
    [
      "ExecutionBaseEvent",
      "KubernetesAnyChangeEvent",
      "KubernetesResourceEvent",
      "isA",
      "PrometheusKubernetesAlert",
      "divider",
      "events",
      "file",
      "header",
      "json",
      "links",
      "list",
      "markdown",
      "table",
      "fillTemplate",
      "parseKubernetesDatetime",
      "action",
      "regexProblem",
      "PodEvent",
      "PodChangeEvent",
      "NodeEvent",
      "NodeChangeEvent",
      "DeploymentEvent",
      "DeploymentChangeEvent",
      "ReplicaSetEvent",
      "ReplicaSetChangeEvent",
      "StatefulSetEvent",
      "StatefulSetChangeEvent",
      "DaemonSetEvent",
      "DaemonSetChangeEvent",
      "JobEvent",
      "JobChangeEvent",
      "HorizontalPodAutoscalerEvent",
      "HorizontalPodAutoscalerChangeEvent",
      "eventClasses",
    ]
  `);
});

it("cortado/testing", () => {
  expect(Object.keys(testing).sort()).toMatchInlineSnapshot(`
    [
      "alertEvent",
      "changeEvent",
      "podEvent",
      "resourceEvent",
      "fakeCluster",
      "fakeRateLimiters",
      "runAction",
      "nodeEvent",
      "deploymentEvent",
      "podChangeEvent",
    ]
  `);
});
