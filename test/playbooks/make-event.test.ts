import { describe, expect, it } from "vitest";
import { ClusterError } from "../../src/errors.ts";
import { type EventClass, isA } from "../../src/events/event-class.ts";
import type { Contribution } from "../../src/findings/report.ts";
import * as cortado from "../../src/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/objects.ts";
import { resolve } from "../../src/kubernetes/resolve.ts";
import { makeEvent } from "../../src/playbooks/make-event.ts";
import { alertEvent, changeEvent, fakeCluster, type TestEvent } from "../../src/testing.ts";

const { DeploymentEvent, ExecutionBaseEvent, KubernetesAnyChangeEvent, KubernetesResourceEvent } = cortado;
const { NodeEvent, PodChangeEvent, PodEvent, PrometheusKubernetesAlert, SecretEvent } = cortado;

interface Told {
  readonly said: Contribution[];
  over: boolean;
}

async function eventOf(
  { delivery, cluster, changes, late, repeat }: TestEvent<unknown>,
  told: Told = { said: [], over: false },
) {
  const resolved = await resolve(delivery, cluster);
  return makeEvent({
    delivery,
    resolved,
    cluster,
    contribute: (contribution) => void told.said.push(contribution),
    abandoned: () => told.over,
    changes,
    late,
    repeat,
  });
}

/** The event as one of a class; a test that asks for the wrong one fails. */
async function eventAs<E>(eventClass: EventClass<E>, event: TestEvent<unknown>): Promise<E> {
  const made = await eventOf(event);
  if (!isA(made, eventClass)) throw new Error(`this is no ${eventClass.name}`);
  return made;
}

const nameOf = (object: KubernetesObject | undefined) => object && `${object.kind} ${object.metadata.name}`;

describe("the event of an alert", () => {
  it("is of every class whose object an alert can name", async () => {
    const event = await eventOf(alertEvent());
    const classes: EventClass<never>[] = [
      PodEvent,
      NodeEvent,
      DeploymentEvent,
      KubernetesResourceEvent,
      ExecutionBaseEvent,
    ];
    expect(classes.filter((eventClass) => !isA(event, eventClass))).toEqual([]);
    const others: EventClass<never>[] = [PodChangeEvent, KubernetesAnyChangeEvent, SecretEvent];
    expect(others.filter((eventClass) => isA(event, eventClass))).toEqual([]);
  });

  it("gives every object that the alert names, as often as it is asked for", async () => {
    const named = { pod: {}, node: {}, deployment: {}, daemonset: {}, statefulset: {}, job: {} };
    const options = { ...named, horizontalpodautoscaler: {} };
    const event = await eventAs(PrometheusKubernetesAlert, alertEvent(options));
    const objects = [
      await event.getPod(),
      await event.getNode(),
      await event.getDeployment(),
      await event.getDaemonSet(),
      await event.getStatefulSet(),
      await event.getJob(),
      await event.getHorizontalPodAutoscaler(),
    ];
    expect(objects.map(nameOf)).toEqual([
      "Pod checkout-pod",
      "Node node-1",
      "Deployment checkout-deployment",
      "DaemonSet checkout-daemonset",
      "StatefulSet checkout-statefulset",
      "Job checkout-job",
      "HorizontalPodAutoscaler checkout-horizontalpodautoscaler",
    ]);
    expect(await event.getPod()).toBe(objects[0]);
  });

  it.each<[Parameters<typeof alertEvent>[0], string | undefined]>([
    [{ pod: {}, deployment: {}, node: {} }, "Deployment checkout-deployment"],
    [{ pod: {}, node: {} }, "Node node-1"],
    [{ pod: {}, job: {} }, "Pod checkout-pod"],
    [{ pod: {}, deployment: null }, "Pod checkout-pod"],
    [{ job: {}, cronjob: {} }, "Job checkout-job"],
    [{ replicaset: {}, cronjob: {} }, "CronJob checkout-cronjob"],
    [{ persistentvolume: {}, persistentvolumeclaim: {} }, "PersistentVolumeClaim checkout-persistentvolumeclaim"],
    [{ ingress: {}, poddisruptionbudget: {} }, "PodDisruptionBudget checkout-poddisruptionbudget"],
    [{ service: {}, ingress: {} }, "Ingress checkout-ingress"],
    [{ service: {}, namespace: {} }, "Service checkout-service"],
    [{ service: null, namespace: {} }, "Namespace shop"],
    [{ service: {}, pod: null }, undefined],
    [{ pod: null }, undefined],
    [{}, undefined],
  ])("is about the first of what it names and finds: %o", async (options, name) => {
    const event = await eventAs(KubernetesResourceEvent, alertEvent(options));
    expect(nameOf(await event.getResource())).toBe(name);
  });

  it("throws the cluster's error for what is named and cannot be read, and nothing for what is not named", async () => {
    const cluster = fakeCluster({ refuse: () => ({ code: 0 }) });
    const event = await eventAs(PrometheusKubernetesAlert, alertEvent({ pod: {}, cluster }));
    await expect(event.getPod()).rejects.toThrow(ClusterError);
    await expect(event.getResource()).rejects.toThrow(ClusterError);
    expect(await event.getDeployment()).toBeUndefined();
  });

  it("says what the alert says", async () => {
    const annotations = { summary: "Down", description: "It is. LABELS = map[a:b]" };
    const options = {
      labels: { alertname: "Up", severity: "page" },
      annotations,
      generatorUrl: "http://p/g?g0.expr=up",
    };
    const event = await eventAs(PrometheusKubernetesAlert, alertEvent(options));
    expect(event).toMatchObject({ alertName: "Up", alertSeverity: "page", alert: { status: "firing" } });
    expect([event.getTitle(), event.getDescription(), event.getPrometheusQuery()]).toEqual(["Down", "It is.", "up"]);
    expect(event.getSubject()).toMatchObject({ kind: "none", name: "Unresolved", labels: { alertname: "Up" } });
  });
});

describe("the event of a change", () => {
  it("has both versions, what changed, and the getter of its kind", async () => {
    const obj = { metadata: { name: "web" }, spec: { nodeName: "b" } };
    const oldObj = { metadata: { name: "web" }, spec: { nodeName: "a" } };
    const event = await eventAs(PodChangeEvent, changeEvent("Pod", { obj, oldObj, late: true }));
    expect(event).toMatchObject({ operation: "update", obj, oldObj, late: true });
    expect(event.changes).toEqual([{ path: "spec.nodeName", before: "a", after: "b" }]);
    expect([await event.getPod(), await event.getResource()]).toEqual([event.obj, event.obj]);
    expect(Object.keys(event.obj)).not.toContain("logs");
    expect(event.getSubject()).toMatchObject({ kind: "pod", name: "web", namespace: "shop", node: "b" });
  });

  it.each(["create", "update", "delete"] as const)("%s has no old version where nobody knows it", async (operation) => {
    const event = await eventAs(KubernetesAnyChangeEvent, changeEvent("Job", { operation }));
    expect(event).toMatchObject({ operation, oldObj: undefined, changes: [] });
  });

  it("of a Kubernetes Event and of a Secret has the getter of that kind", async () => {
    const event = await eventAs(cortado.EventChangeEvent, changeEvent("Event", { obj: { reason: "BackOff" } }));
    expect((await event.getEvent())?.reason).toBe("BackOff");
    expect(event.getSubject()).toMatchObject({ kind: "event" });
    const secret = await eventAs(SecretEvent, changeEvent("Secret"));
    expect((await secret.getSecret())?.kind).toBe("Secret");
  });

  it("of another group is of no kind of the same name", async () => {
    const known = changeEvent("Service");
    const object = {
      apiVersion: "serving.knative.dev/v1",
      kind: "Service",
      metadata: { name: "w", namespace: "shop" },
    };
    const other = { ...known, delivery: { ...known.delivery, kind: "change", operation: "create", object } } as const;
    expect(isA<never>(await eventOf(other), cortado.ServiceEvent)).toBe(false);
  });

  it("of a kind that Cortado does not know is the event of an object all the same", async () => {
    const known = changeEvent("Pod");
    const object = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w", namespace: "shop" } };
    const widget = { ...known, delivery: { ...known.delivery, kind: "change", operation: "create", object } } as const;
    const event = await eventAs(KubernetesAnyChangeEvent, widget);
    expect(await event.getResource()).toEqual(object);
    expect(isA<never>(event, PodEvent)).toBe(false);
    expect(event.getSubject()).toMatchObject({ kind: "widget", name: "w", namespace: "shop" });
  });
});

describe("every event", () => {
  const tellAll = (event: cortado.ExecutionBaseEvent) => {
    event.addEnrichment([cortado.divider()], { title: "t" });
    event.addFinding({ title: "f", aggregationKey: "F" });
    event.addLink({ name: "l", url: "https://l" });
    event.overrideFinding({ severity: "HIGH" });
    event.stopProcessing();
  };

  it("passes on what an action says, as data", async () => {
    const told: Told = { said: [], over: false };
    tellAll(await eventOf(alertEvent(), told));
    expect(told.said).toEqual([
      { do: "enrich", blocks: [{ type: "divider" }], title: "t" },
      { do: "find", attributes: { title: "f", aggregationKey: "F" } },
      { do: "link", link: { name: "l", url: "https://l" } },
      { do: "override", attributes: { severity: "HIGH" } },
      { do: "stop" },
    ]);
  });

  it("hears an action no longer that is over", async () => {
    const told: Told = { said: [], over: false };
    const event = await eventOf(alertEvent({ pod: {} }), told);
    told.over = true;
    expect(() => tellAll(event)).toThrow("is not heard");
    if (!isA(event, PodEvent)) throw new Error("this is no pod event");
    await expect(event.getPod()).rejects.toThrow("it is given nothing more");
    expect(told.said).toEqual([]);
  });

  it("gives each action an object of its own, under the action's cluster", async () => {
    const { delivery, cluster } = alertEvent({ pod: {} });
    const resolved = await resolve(delivery, cluster);
    const calls: string[] = [];
    const pods = ["first", "second"].map(async (name) => {
      const scoped = cluster.within({ onCall: ({ resource }) => calls.push(`${name} ${resource}`) });
      const contribute = () => {};
      const event = makeEvent({
        delivery,
        resolved,
        cluster: scoped,
        contribute,
        abandoned: () => false,
        changes: [],
        late: false,
        repeat: 0,
      });
      if (!isA(event, PodEvent)) throw new Error("this is no pod event");
      const pod = await event.getPod();
      await pod?.logs();
      return pod;
    });
    const [first, second] = await Promise.all(pods);
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
    expect(calls.sort()).toEqual(["first pods/log", "second pods/log"]);
  });
});
