import { describe, expect, it } from "vitest";
import type { AlertDelivery, ChangeDelivery, Operation } from "../../src/delivery.ts";
import { fakeCluster } from "../../src/testing/fake-cluster.ts";
import { diffByName, diffObjects } from "../../src/triggers/diff.ts";
import { prometheusAlert } from "../../src/triggers/prometheus-alert.ts";
import { attributeTest } from "../../src/triggers/selectors.ts";
import type { Match } from "../../src/triggers/trigger.ts";
import { triggers } from "../../src/triggers/triggers.ts";

/** `yes`, `maybe`, or why not. */
const said = (match: Match) => (match.fires === false ? match.reason() : match.fires === true ? "yes" : match.fires);

const alert = (more: Partial<AlertDelivery["alert"]> = {}): AlertDelivery => ({
  kind: "alert",
  id: "1",
  key: "alert#1",
  cluster: "shop",
  acceptedAt: 0,
  alert: {
    status: "firing",
    labels: { alertname: "Crash", namespace: "shop", pod: "api-1", instance: "10.0.0.1:80", severity: "warning" },
    annotations: { summary: "It crashes" },
    fingerprint: "1",
    ...more,
  },
});

describe("on_prometheus_alert", () => {
  const match = (params: object, delivery = alert()) =>
    said(prometheusAlert.match(delivery, prometheusAlert.params.parse(params)));

  it.each([
    [{}, "yes"],
    [{ alert_name: "Crash" }, "yes"],
    [{ alert_name: "Cras" }, 'the alert\'s name is "Crash", not "Cras"'],
    [{ pod_name_prefix: "api" }, "yes"],
    [{ pod_name_prefix: "web" }, 'the label pod is "api-1", which does not start with "web"'],
    [{ namespace_prefix: "sh" }, "yes"],
    [{ namespace_prefix: "bank" }, 'the label namespace is "shop", which does not start with "bank"'],
    [{ instance_name_prefix: "10.0" }, "yes"],
    [{ instance_name_prefix: "11" }, 'the label instance is "10.0.0.1:80", which does not start with "11"'],
    [{ status: "firing" }, "yes"],
    [{ status: "all" }, "yes"],
    [{ status: "resolved" }, "the alert is firing, not resolved"],
    [{ scope: { include: [{ labels: "severity=warning|critical" }] } }, "yes"],
    [
      { scope: { include: [{ labels: "severity=critical" }] } },
      "scope.include does not match labels severity=critical",
    ],
    [{ scope: { exclude: [{ annotations: "summary=It .*" }] } }, "scope.exclude matches annotations summary=It .*"],
    [{ k8s_providers: ["EKS"] }, "maybe"],
    [{ k8s_providers: ["EKS"], alert_name: "Other" }, 'the alert\'s name is "Crash", not "Other"'],
  ])("%o: %s", (params, expected) => {
    expect(match(params)).toBe(expected);
  });

  it("names a label that is not there", () => {
    expect(match({ pod_name_prefix: "a" }, alert({ labels: {} }))).toBe(
      'the label pod is none, which does not start with "a"',
    );
  });

  it("marks a no that is about the phase alone", () => {
    const phase = (params: object) => {
      const found = prometheusAlert.match(alert({ status: "resolved" }), prometheusAlert.params.parse(params));
      return found.fires === false && found.phase === true;
    };
    expect([phase({}), phase({ alert_name: "Other" }), phase({ status: "all" })]).toEqual([true, false, false]);
  });

  it.each([
    ["EKS", ["eks", "GKE"], "yes"],
    ["EKS", ["GKE"], "the cluster's provider is EKS, not one of GKE"],
    ["Unknown", ["GKE"], "the cluster's provider is Unknown, not one of GKE"],
    ["Unknown", ["GKE", "Unknown"], "yes"],
  ])("in a cluster of %s, for %o: %s", async (provider, k8s_providers, expected) => {
    const cluster = { ...fakeCluster(), provider: async () => provider };
    const params = prometheusAlert.params.parse({ k8s_providers });
    const match = await prometheusAlert.confirm?.(alert(), params, cluster);
    expect(match && said(match)).toBe(expected);
  });

  it.each([
    [["GKE"], "the cluster's provider is Unknown, not one of GKE"],
    [["Unknown"], "yes"],
  ])(
    "takes a cluster that cannot be asked for one whose provider nobody knows: %o",
    async (k8s_providers, expected) => {
      const cluster = { ...fakeCluster(), provider: () => Promise.reject(new Error("down")) };
      const params = prometheusAlert.params.parse({ k8s_providers });
      const match = await prometheusAlert.confirm?.(alert(), params, cluster);
      expect(match && said(match)).toBe(expected);
    },
  );
});

const pod = (more: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "api-1", namespace: "shop", labels: { app: "api", tier: "web" }, annotations: { team: "a" } },
  ...more,
});
const change = (operation: Operation, object: object = pod(), oldObject?: object): ChangeDelivery =>
  ({
    kind: "change",
    id: "1",
    key: "object#1",
    cluster: "shop",
    acceptedAt: 0,
    operation,
    object,
    ...(oldObject === undefined ? {} : { oldObject }),
  }) as ChangeDelivery;

describe("triggers on changes of objects", () => {
  const match = (name: string, delivery: ChangeDelivery, params: object = {}): Match => {
    const found = triggers.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no trigger ${name}`);
    return found.match(delivery as never, found.params.parse(params) as never);
  };

  it.each([
    ["on_pod_create", "create", "yes"],
    ["on_pod_create", "update", "the object was updated, not created"],
    ["on_pod_update", "update", "yes"],
    ["on_pod_delete", "delete", "yes"],
    ["on_pod_all_changes", "delete", "yes"],
    ["on_kubernetes_any_resource_update", "update", "yes"],
    ["on_kubernetes_any_resource_all_changes", "create", "yes"],
    ["on_deployment_update", "update", 'the object\'s kind is "Pod", not "Deployment"'],
  ] as const)("%s, on a pod's %s: %s", (name, operation, expected) => {
    expect(said(match(name, change(operation)))).toBe(expected);
  });

  it.each([
    [{ name_prefix: "api" }, "yes"],
    [{ name_prefix: "web" }, 'the object\'s name is "api-1", which does not start with "web"'],
    [{ namespace_prefix: "bank" }, 'the object\'s namespace is "shop", which does not start with "bank"'],
    [{ labels_selector: "app=api,tier=web" }, "yes"],
    [{ labels_selector: "app=api,tier=db" }, 'the label tier is "web", not "db"'],
    [{ labels_selector: "owner=me" }, 'the label owner is not there, not "me"'],
    [{ scope: { include: [{ name: "api-.*", namespace: "shop" }] } }, "yes"],
    [
      { scope: { include: [{ attributes: "status.phase=Running" }] } },
      "scope.include does not match attributes status.phase=Running",
    ],
    [{ scope: { exclude: [{ annotations: "team=a" }] } }, "scope.exclude matches annotations team=a"],
  ])("with %o: %s", (params, expected) => {
    expect(said(match("on_pod_create", change("create"), params))).toBe(expected);
  });

  it.each([
    [undefined, {}, "yes"],
    ["", {}, "yes"],
    ["a=1", { a: "1" }, "yes"],
    [" a = 1 , b=2,", { a: "1", b: "2" }, "yes"],
    ["a", { a: "" }, "yes"],
    ["a=1", { a: "2" }, 'the label a is "2", not "1"'],
    ["constructor=1", {}, 'the label constructor is not there, not "1"'],
    ["a", {}, "the label a is not there"],
    ["!a", {}, "yes"],
    ["!a", { a: "1" }, 'the label a is "1", as it may not be'],
    ["a!=1", {}, "yes"],
    ["a!=1,b", { a: "1", b: "" }, 'the label a is "1", as it may not be'],
    ["a in (1, 2), b", { a: "2", b: "" }, "yes"],
    ["a in (1,2)", { a: "3" }, 'the label a is "3", not "1" or "2"'],
    ["a in (1,2)", {}, 'the label a is not there, not "1" or "2"'],
    ["a notin (1,2)", { a: "2" }, 'the label a is "2", as it may not be'],
    ["a notin (1,2)", {}, "yes"],
    ["a>1", { a: "2" }, "yes"],
    ["a>1", { a: "1" }, 'the label a is "1", not > 1'],
  ])("with the selector %s, of labels %o: %s", (labels_selector, labels, expected) => {
    const delivery = change("create", pod({ metadata: { name: "a", labels } }));
    expect(said(match("on_pod_create", delivery, { labels_selector }))).toBe(expected);
  });

  it("refuses a selector that is none, with the API server's words", () => {
    const params = triggers.find(({ name }) => name === "on_pod_create")?.params;
    const problems = params?.safeParse({ labels_selector: "a in 1" }).error?.issues.map(({ message }) => message);
    expect(problems).toEqual([`"a in 1" is no label selector: unable to parse requirement: found '1' expected: '('.`]);
  });

  const before = pod({ spec: { replicas: 1, image: "a" }, status: { ready: 1 } });
  const after = pod({ spec: { replicas: 2, image: "a" }, status: { ready: 2 } });
  it.each([
    [{}, ["spec.replicas", "status.ready"]],
    [{ change_filters: { include: ["spec"] } }, ["spec.replicas"]],
    [{ change_filters: { ignore: ["status"] } }, ["spec.replicas"]],
    [{ change_filters: { include: ["re"], ignore: ["spec.replicas"] } }, ["status.ready"]],
    [
      { change_filters: { include: ["image"] } },
      "change_filters let none of the 2 changed fields through, spec.replicas for instance",
    ],
    [
      { change_filters: { ignore: ["spec", "status"] } },
      "change_filters let none of the 2 changed fields through, spec.replicas for instance",
    ],
    [{ change_filters: { ignore: ["spec.replica"] } }, ["spec.replicas", "status.ready"]],
  ])("counts changes with %o: %o", (params, expected) => {
    const found = match("on_pod_update", change("update", after, before), params);
    expect(found.fires === true ? found.changes?.map(({ path }) => path) : said(found)).toEqual(expected);
  });

  it("fires on an update whose object before is not known", () => {
    expect(said(match("on_pod_update", change("update"), { change_filters: { include: ["spec"] } }))).toBe("yes");
  });

  const typed = (apiVersion: string | undefined, kind: string) => ({
    ...(apiVersion === undefined ? {} : { apiVersion }),
    kind,
    metadata: { name: "a" },
  });

  it.each<[string, string | undefined, string, string]>([
    ["service", "v1", "Service", "yes"],
    ["service", undefined, "Service", "yes"],
    [
      "service",
      "serving.knative.dev/v1",
      "Service",
      'the object\'s kind is "Service" of serving.knative.dev/v1, not "Service"',
    ],
    ["ingress", "networking.k8s.io/v1", "Ingress", "yes"],
    ["ingress", "extensions/v1beta1", "Ingress", "yes"],
    ["event", "v1", "Event", "yes"],
    ["event", "events.k8s.io/v1", "Event", "yes"],
    ["cronjob", "batch/v1beta1", "CronJob", "yes"],
    ["poddisruptionbudget", "policy/v1", "PodDisruptionBudget", "yes"],
    ["clusterrole", "rbac.authorization.k8s.io/v1", "ClusterRole", "yes"],
    ["clusterrole", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", 'the object\'s kind is "ClusterRoleBinding"'],
    ["kubernetes_any_resource", "serving.knative.dev/v1", "Service", "yes"],
  ])("on_%s_create, of a %s %s: %s", (name, apiVersion, kind, expected) => {
    expect(said(match(`on_${name}_create`, change("create", typed(apiVersion, kind))))).toContain(expected);
  });

  const rollout = typed("argoproj.io/v1alpha1", "Rollout");
  it.each([
    [{}, "yes"],
    [{ kind: "Rollout" }, "yes"],
    [{ kind: "rollout", group: "argoproj.io" }, "yes"],
    [{ group: "argoproj.io" }, "yes"],
    [{ group: "argoproj.io", name_prefix: "b" }, 'the object\'s name is "a", which does not start with "b"'],
    [{ group: "" }, 'the object\'s group is "argoproj.io", not ""'],
    [{ kind: "Application", group: "argoproj.io" }, 'the object\'s kind is "Rollout", not "Application"'],
  ])("on_kubernetes_any_resource_create with %o, of a Rollout: %s", (params, expected) => {
    expect(said(match("on_kubernetes_any_resource_create", change("create", rollout), params))).toBe(expected);
  });

  describe("on_kubernetes_resource_operation", () => {
    const matched = (delivery: ChangeDelivery, params: object = {}) =>
      match("on_kubernetes_resource_operation", delivery, params);

    it.each([
      [{}, "yes"],
      [{ resources: [], operations: [] }, "yes"],
      [{ resources: ["deployment", "pod"] }, "yes"],
      [{ resources: ["Pod"], operations: ["create", "delete"] }, "yes"],
      [{ resources: ["deployment"] }, 'the object\'s kind is "Pod", none of deployment'],
      [{ resources: ["pod.example.com"] }, 'the object\'s kind is "Pod", none of pod.example.com'],
      [{ operations: ["update", "delete"] }, "the object was created, not updated, deleted"],
      [{ namespace_prefix: "bank" }, 'the object\'s namespace is "shop", which does not start with "bank"'],
    ])("with %o, on the creation of a pod: %s", (params, expected) => {
      expect(said(matched(change("create"), params))).toBe(expected);
    });

    it.each([
      [["rollout.argoproj.io"], "yes"],
      [["Rollout.argoproj.io"], "yes"],
      [["rollout.example.com", "pod"], 'the object\'s kind is "Rollout", none of rollout.example.com, pod'],
    ])("of %o, on a Rollout: %s", (resources, expected) => {
      expect(said(matched(change("delete", rollout), { resources }))).toBe(expected);
    });

    it.each([
      [{ spec: { image: "b" } }, {}, ["spec.image"]],
      [{ spec: { replicas: 2 } }, {}, undefined],
      [{ status: { ready: 2 } }, {}, undefined],
      [{ metadata: { name: "api-1", namespace: "shop", generation: 2 } }, {}, undefined],
      [{ status: { ready: 2 } }, { change_filters: {} }, ["status.ready"]],
      [{ spec: { replicas: 2 } }, { change_filters: { include: ["spec"] } }, ["spec.replicas"]],
    ])("on an update to %o with %o: %o", (after, params, paths) => {
      const metadata = { name: "api-1", namespace: "shop", generation: 1 };
      const before = pod({ metadata, spec: { image: "a", replicas: 1 }, status: { ready: 1 } });
      const { spec, ...rest } = { spec: {}, ...after };
      const changed = { ...before, metadata, ...rest, spec: { image: "a", replicas: 1, ...spec } };
      const unchanged = { ...changed, status: "status" in rest ? rest.status : { ready: 1 } };
      const found = matched(change("update", unchanged, before), params);
      expect(found.fires === true ? found.changes?.map(({ path }) => path) : undefined).toEqual(paths);
    });

    it("refuses a kind that nobody knows, and an operation that is none", () => {
      const params = triggers.find(({ name }) => name === "on_kubernetes_resource_operation")?.params;
      const problems = (given: object) => params?.safeParse(given).error?.issues.map(({ message }) => message) ?? [];
      expect(problems({ resources: ["deploymnt"] })).toEqual([expect.stringContaining("no kind that Cortado knows")]);
      expect(problems({ operations: ["patch"] })).toHaveLength(1);
    });
  });

  it("are those of the model, and cronjobs' and poddisruptionbudgets', each with a name of its own", () => {
    const names = triggers.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const kinds =
      `pod replicaset daemonset deployment statefulset service event horizontalpodautoscaler node clusterrole
      clusterrolebinding job namespace serviceaccount persistentvolume persistentvolumeclaim networkpolicy configmap ingress
      secret cronjob poddisruptionbudget kubernetes_any_resource`.split(/\s+/);
    const suffixes = ["create", "update", "delete", "all_changes"];
    const expected = kinds.flatMap((kind) => suffixes.map((suffix) => `on_${kind}_${suffix}`));
    expect(expected.filter((name) => !names.includes(name))).toEqual([]);
  });
});

it.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1 }, { a: 2 }, [{ path: "a", before: 1, after: 2 }]],
  [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, [{ path: "a.b[1]", before: 2, after: 3 }]],
  [{ a: [{ n: 1 }] }, { a: [{ n: 1 }, { n: 2 }] }, [{ path: "a[1]", after: { n: 2 } }]],
  [{ a: 1, b: null }, { b: null }, [{ path: "a", before: 1 }]],
])("the difference between %o and %o is %o", (before, after, changes) => {
  expect(diffObjects(before, after)).toEqual(changes);
});

const variables = (...names: string[]) => ({ env: names.map((name) => ({ name, value: `of ${name}` })) });
const containers = (...of: object[]) => ({ spec: { containers: of } });
it.each<[string, object, object, [path: string, before: unknown, after: unknown][]]>([
  ["nothing", variables("a", "b"), variables("a", "b"), []],
  [
    "an item in front of others",
    variables("b"),
    variables("a", "b"),
    [["env[a]", undefined, { name: "a", value: "of a" }]],
  ],
  ["another order", variables("a", "b"), variables("b", "a"), []],
  ["an item less", variables("a", "b"), variables("b"), [["env[a]", { name: "a", value: "of a" }, undefined]]],
  [
    "a field of an item in an item",
    containers({ name: "log" }, { name: "api", ...variables("a") }),
    containers({ name: "api", env: [{ name: "a", value: "new" }] }, { name: "log" }),
    [["spec.containers[api].env[a].value", "of a", "new"]],
  ],
  ["a place, where there are no names", { args: ["a", "b"] }, { args: ["a", "c"] }, [["args[1]", "b", "c"]]],
  [
    "a place, where names are not unique",
    variables("a", "a"),
    variables("a", "b"),
    [
      ["env[1].name", "a", "b"],
      ["env[1].value", "of a", "of b"],
    ],
  ],
  [
    "a port",
    { ports: [{ port: 80 }, { port: 81 }] },
    { ports: [{ port: 81 }] },
    [["ports[80]", { port: 80 }, undefined]],
  ],
  ["a list that was none", { env: null }, variables("a"), [["env", null, variables("a").env]]],
])("by names, the difference is %s", (_, before, after, expected) => {
  expect(diffByName(before, after).map(({ path, ...change }) => [path, change.before, change.after])).toEqual(expected);
});

const object = { status: { phase: "Pending" }, spec: { containers: [{ name: "api" }, { name: "log" }] } };
it.each([
  ["status.phase=Pending", true],
  ["status.phase=pending", true],
  ["status.phase=Running", false],
  ["status.phase!=Running", true],
  ["status.phase = Pending, spec.containers[1].name=log", true],
  ["status.phase=Pending,spec.containers[1].name!=log", false],
  ["status.reason=", true],
  ["status.constructor.name=Object", false],
  ["status.phase", false],
])("the attributes %s: %s", (expression, meets) => {
  expect(attributeTest(object)(expression)).toBe(meets);
});
