import { describe, expect, it } from "vitest";
import { kubewatch } from "../../src/receivers/kubewatch.ts";

const context = { acceptedAt: 1, clusterOf: () => "shop", relabel: [] };
const metadata = { name: "a", namespace: "shop", uid: "u-1", resourceVersion: "7" };
const event = (data: object) => ({ specversion: "1.0", type: "KUBERNETES_TOPOLOGY_CHANGE", data });
const delivery = (data: object) =>
  kubewatch.parse(event({ kind: "Pod", obj: { metadata }, ...data }), context).deliveries[0];

describe("a change of kubewatch", () => {
  it.each([
    ["create", { operation: "create" }, { id: "create", key: "object#u-1" }],
    ["update", { operation: "update", oldObj: { metadata } }, { id: "update:7", key: "object#u-1" }],
    ["delete", { operation: "delete" }, { id: "delete", key: "object#u-1" }],
  ])("%s is named by the object and its version", (_operation, data, name) => {
    expect(delivery(data)).toMatchObject({ kind: "change", cluster: "shop", acceptedAt: 1, ...name });
  });

  it("gets the kind and version that stand beside the object, and keeps everything in it", () => {
    const obj = { metadata, status: { phase: "Running" }, odd: { a: 1 } };
    expect(delivery({ operation: "create", apiVersion: "v1", obj })).toMatchObject({
      object: { apiVersion: "v1", kind: "Pod", ...obj },
    });
  });

  it("has the object before only on an update", () => {
    const oldObj = { metadata: { ...metadata, resourceVersion: "6" } };
    expect(delivery({ operation: "update", oldObj })).toMatchObject({ oldObject: oldObj });
    expect(delivery({ operation: "update", oldObj: null })).not.toHaveProperty("oldObject");
    expect(delivery({ operation: "delete", oldObj })).not.toHaveProperty("oldObject");
  });

  it("is known by its content where the object has no uid", () => {
    const named = (name: string) => delivery({ operation: "create", obj: { metadata: { name } } })?.key;
    expect(named("a")).toMatch(/^object#[0-9a-f]{64}$/);
    expect(named("a")).toBe(named("a"));
    expect(named("a")).not.toBe(named("b"));
  });

  it.each([
    ["another operation", { operation: "patch" }],
    ["no kind", { operation: "create", kind: undefined }],
    ["no object", { operation: "create", obj: null }],
    ["labels that are not strings", { operation: "create", obj: { metadata: { name: "a", labels: { a: 1 } } } }],
    ["a uid that is no text", { operation: "create", obj: { metadata: { name: "a", uid: 1 } } }],
  ])("is refused with %s", (_what, data) => {
    expect(() => delivery(data)).toThrow(/^the body is not a kubewatch cloud event: /);
  });
});

describe("a Secret of kubewatch", () => {
  const value = Buffer.from("hunter2-of-production").toString("base64");
  const other = Buffer.from("correct-horse").toString("base64");
  const applied = { "kubectl.kubernetes.io/last-applied-configuration": `{"data":{"password":"${value}"}}` };
  const secret = (data: object, annotations: object = {}) => ({
    metadata: { ...metadata, annotations },
    type: "Opaque",
    data,
  });
  const leaks = /hunter2|correct-horse/;
  const clear = (text: unknown) => {
    const json = JSON.stringify(text);
    return [value, other].every((one) => !json.includes(one)) && !leaks.test(json);
  };

  it.each([
    ["create", { obj: secret({ password: value }) }],
    ["delete", { obj: secret({ password: value }) }],
    ["update", { obj: secret({ password: value }), oldObj: secret({ password: other }) }],
    ["create", { obj: { ...secret({}), stringData: { password: "hunter2-of-production" } } }],
    ["create", { obj: secret({ password: value }, applied) }],
    ["update", { obj: secret({}, applied), oldObj: secret({}, applied) }],
    ["create", { obj: { metadata, data: value } }],
    ["create", { kind: "secret", obj: secret({ password: value }) }],
    ["create", { kind: "other", obj: { kind: "Secret", ...secret({ password: value }) } }],
    ["create", { obj: { metadata: { name: "without-uid" }, data: { password: value } } }],
  ])("%s has no value in it: %o", (operation, data) => {
    const made = delivery({ kind: "Secret", operation, ...data });
    expect(made?.kind).toBe("change");
    expect(clear(made)).toBe(true);
  });

  it("keeps its keys, and what is no value; a change of a value still is one", () => {
    const oldObj = secret({ kept: value, changed: other, removed: value });
    const obj = secret({ kept: value, changed: value, added: value }, { team: "shop" });
    expect(delivery({ kind: "Secret", operation: "update", obj, oldObj })).toMatchObject({
      object: {
        kind: "Secret",
        type: "Opaque",
        metadata: { name: "a", annotations: { team: "shop" } },
        data: { kept: "[redacted]", changed: "[redacted]", added: "[redacted]" },
      },
      oldObject: { data: { kept: "[redacted]", changed: "[redacted: another value]", removed: "[redacted]" } },
    });
  });

  it("is the only kind that is touched", () => {
    const obj = { metadata: { ...metadata, annotations: applied }, data: { password: value } };
    expect(delivery({ kind: "ConfigMap", operation: "create", obj })).toMatchObject({ object: obj });
  });
});

describe("an Event of kubewatch", () => {
  const about = { kind: "Pod", name: "api-1", namespace: "shop" };
  const core = {
    involvedObject: about,
    message: "Back-off restarting",
    count: 3,
    lastTimestamp: "2026-01-01T00:00:00Z",
  };
  const events = {
    regarding: about,
    note: "Back-off restarting",
    deprecatedCount: 3,
    deprecatedLastTimestamp: "2026-01-01T00:00:00Z",
  };
  const both = { metadata, reason: "BackOff", type: "Warning", ...core, ...events };

  it.each([
    ["of the core group", "v1", core],
    ["of events.k8s.io", "events.k8s.io/v1", events],
  ])("%s has its facts under both names", (_, apiVersion, fields) => {
    const obj = { metadata, reason: "BackOff", type: "Warning", ...fields };
    const made = delivery({ operation: "create", kind: "Event", apiVersion, obj });
    expect(made).toMatchObject({ kind: "change", object: { apiVersion, kind: "Event", ...both } });
  });

  it("has them before a change, too, so that the names are no difference", () => {
    const obj = { metadata, ...events };
    const made = delivery({ operation: "update", kind: "Event", apiVersion: "events.k8s.io/v1", obj, oldObj: obj });
    if (made?.kind !== "change") throw new Error("this is no change");
    expect(made.oldObject).toEqual(made.object);
  });

  it("is the only kind that is touched", () => {
    const obj = { metadata, message: "hello" };
    const made = delivery({ operation: "create", kind: "Widget", apiVersion: "example.com/v1", obj });
    expect(made).toMatchObject({ object: obj });
    expect(made?.kind === "change" && "note" in made.object).toBe(false);
  });
});
