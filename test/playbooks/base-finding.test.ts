import { describe, expect, it } from "vitest";
import type { AlertDelivery, ChangeDelivery, Operation } from "../../src/delivery.ts";
import type { Resolved } from "../../src/kubernetes/resolve.ts";
import { baseFinding } from "../../src/playbooks/base-finding.ts";

const resolved: Resolved = {
  objects: {},
  subject: { name: "a", kind: "pod", namespace: "shop", labels: {}, annotations: {} },
  notes: ["it is gone"],
  errors: {},
};
const alert = (more: Partial<AlertDelivery["alert"]> = {}, externalUrl?: string): AlertDelivery => ({
  kind: "alert",
  id: "1",
  key: "alert#1",
  cluster: "shop",
  acceptedAt: 5,
  alert: {
    status: "firing",
    labels: { alertname: "Crash", severity: "warning" },
    annotations: {},
    fingerprint: "61fedfd61bacd0fc",
    ...more,
  },
  ...(externalUrl === undefined ? {} : { externalUrl }),
});

describe("the finding of an alert", () => {
  it("says what the alert says, and what was resolved", () => {
    const delivery = alert({ startsAt: 1, annotations: { summary: "Down", description: "For long" } }, "http://am");
    expect(baseFinding(delivery, resolved)).toEqual({
      title: "Down",
      description: "For long",
      aggregationKey: "Crash",
      severity: "LOW",
      source: "prometheus",
      status: "firing",
      subject: resolved.subject,
      cluster: "shop",
      fingerprint: "61fedfd61bacd0fc",
      startsAt: 1,
      links: [{ name: "Alertmanager", url: "http://am" }],
      enrichments: [],
      notes: ["it is gone"],
    });
  });

  it.each([
    [{}, "warning", "LOW"],
    [{}, "CRITICAL", "HIGH"],
    [{}, "unheard", "INFO"],
    [{}, "constructor", "INFO"],
    [{ warning: "HIGH" }, "warning", "HIGH"],
    [{ page: "DEBUG" }, "Page", "DEBUG"],
  ] as const)("with the map %o: %s is %s", (map, severity, expected) => {
    expect(baseFinding(alert({ labels: { severity } }), resolved, map).severity).toBe(expected);
  });

  it("has no link where Alertmanager sent none, and an end where there is one", () => {
    const finding = baseFinding(alert({ status: "resolved", startsAt: 1, endsAt: 2 }, ""), resolved);
    expect(finding).toMatchObject({ links: [], status: "resolved", startsAt: 1, endsAt: 2 });
  });
});

describe("the finding of a change", () => {
  const change = (operation: Operation, namespace?: string): ChangeDelivery => ({
    kind: "change",
    id: "1",
    key: "object#1",
    cluster: "shop",
    acceptedAt: 5,
    operation,
    object: { kind: "Pod", metadata: { name: "a", ...(namespace === undefined ? {} : { namespace }) } },
  });

  it.each([
    ["create", "Pod shop/a was created", "PodCreate"],
    ["update", "Pod shop/a was updated", "PodUpdate"],
    ["delete", "Pod shop/a was deleted", "PodDelete"],
  ] as const)("%s: %s", (operation, title, aggregationKey) => {
    expect(baseFinding(change(operation, "shop"), resolved)).toMatchObject({
      title,
      aggregationKey,
      severity: "INFO",
      source: "kubernetes_api_server",
      startsAt: 5,
    });
  });

  it("is known by what it is about and what happened", () => {
    const of = (operation: Operation) => baseFinding(change(operation, "shop"), resolved).fingerprint;
    expect(of("update")).toBe(of("update"));
    expect(of("update")).not.toBe(of("delete"));
  });

  it("of an object without a namespace names it alone", () => {
    expect(baseFinding(change("create"), resolved).title).toBe("Pod a was created");
  });
});
