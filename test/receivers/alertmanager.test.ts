import { describe, expect, it } from "vitest";
import type { AlertDelivery } from "../../src/delivery.ts";
import { ForbiddenError } from "../../src/errors.ts";
import { alertmanager } from "../../src/receivers/alertmanager.ts";
import type { ReceiverContext, RelabelRule } from "../../src/receivers/receiver.ts";
import { recorded } from "../helpers/test-server.ts";
import { webhook } from "../helpers/webhooks.ts";

const acceptedAt = Date.UTC(2026, 10, 22, 15);
const context = (more: Partial<ReceiverContext> = {}): ReceiverContext => ({
  acceptedAt,
  clusterOf: () => "shop",
  relabel: [],
  ...more,
});
const parse = (body: unknown, more?: Partial<ReceiverContext>) => {
  const { deliveries, quarantined } = alertmanager.parse(body, context(more));
  return { deliveries: deliveries.filter((one): one is AlertDelivery => one.kind === "alert"), quarantined };
};
const one = (alert: object, more?: Partial<ReceiverContext>) => {
  const [delivery] = parse(webhook({ status: "firing", labels: { alertname: "A" }, ...alert }), more).deliveries;
  return delivery;
};

describe("a recorded webhook", () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["wh-default-0001", ["KubePodCrashLooping firing"]],
    ["wh-default-0002", ["KubePodCrashLooping resolved"]],
    ["wh-default-0003", ["HighErrorRate firing", "HighErrorRate firing", "HighErrorRate firing"]],
    ["wh-default-0004", ["HighErrorRate resolved", "HighErrorRate firing", "HighErrorRate firing"]],
    ["wh-truncated-0005", ["T1 firing", "T2 firing"]],
    ["wh-nogroup-0006", ["FromAmtool firing"]],
    ["wh-auth-0007", ["WithAuth firing"]],
    ["wh-default-0010", ["HighErrorRate resolved", "HighErrorRate resolved"]],
  ];
  it.each(rows.flatMap(([name, titles]) => ["0.25", "0.28"].map((version) => [`${version}/${name}`, titles] as const)))(
    "%s",
    async (name, titles) => {
      const { deliveries, quarantined } = parse(await recorded(name));
      expect(deliveries.map(({ alert }) => `${alert.labels.alertname} ${alert.status}`)).toEqual(titles);
      expect(quarantined).toEqual([]);
      for (const { alert } of deliveries) expect(alert.endsAt === undefined).toBe(alert.status === "firing");
    },
  );

  it("becomes a delivery that is named by what it reports", async () => {
    const [delivery] = parse(await recorded("0.28/wh-default-0002")).deliveries;
    expect(delivery).toEqual({
      kind: "alert",
      id: "resolved:1795359034000:1795359038000",
      key: "alert#61fedfd61bacd0fc",
      cluster: "shop",
      acceptedAt,
      externalUrl: "http://vm:19093",
      alert: {
        status: "resolved",
        labels: {
          alertname: "KubePodCrashLooping",
          container: "api",
          namespace: "shop",
          pod: "api-6d4cf56db6-abcde",
          severity: "warning",
        },
        annotations: { summary: "Pod is crash looping." },
        fingerprint: "61fedfd61bacd0fc",
        startsAt: 1795359034000,
        endsAt: 1795359038000,
        generatorUrl: "",
      },
    });
  });
});

describe("other versions of the payload", () => {
  it.each([
    ["before 0.21, without truncatedAlerts", { truncatedAlerts: undefined }],
    ["since 0.32, with a reason", { notification_reason: "repeat interval elapsed" }],
    ["since 0.34, with labels of the route", { routeLabels: { team: "shop" } }],
    ["of tomorrow, with fields that nobody knows", { somethingNew: [1, { two: 3 }], externalURL: null }],
  ])("%s", (_what, more) => {
    expect(parse({ ...webhook({ status: "firing", labels: { alertname: "A" } }), ...more }).deliveries).toHaveLength(1);
  });
});

describe("an alert", () => {
  it.each([
    [
      "a time with nanoseconds",
      { startsAt: "2026-11-22T14:50:43.292075655Z" },
      Date.UTC(2026, 10, 22, 14, 50, 43, 292),
    ],
    ["a time with an offset", { startsAt: "2026-11-22T15:50:43+01:00" }, Date.UTC(2026, 10, 22, 14, 50, 43)],
    ["Go's zero time", { startsAt: "0001-01-01T00:00:00Z" }, undefined],
    ["no time", { startsAt: "yesterday" }, undefined],
    ["nothing", {}, undefined],
  ])("starts as it says: %s", (_what, alert, startsAt) => {
    expect(one(alert)?.alert.startsAt).toBe(startsAt);
  });

  it("is known by the fingerprint that was sent, where that is one", () => {
    expect(one({ fingerprint: "0123456789abcdef" })?.key).toBe("alert#0123456789abcdef");
    expect(one({ fingerprint: "not one" })?.key).toBe(one({})?.key);
  });

  const relabelled: readonly (readonly [string, readonly RelabelRule[], Readonly<Record<string, string>>])[] = [
    ["nothing", [], { a: "1", b: "2" }],
    ["a copy", [{ source: "a", target: "c", operation: "add" }], { a: "1", b: "2", c: "1" }],
    ["a move", [{ source: "a", target: "c", operation: "replace" }], { b: "2", c: "1" }],
    ["over another", [{ source: "a", target: "b", operation: "add" }], { a: "1", b: "1" }],
    [
      "one after the other",
      [
        { source: "a", target: "c", operation: "replace" },
        { source: "c", target: "d", operation: "add" },
      ],
      { b: "2", c: "1", d: "1" },
    ],
    ["what is not there", [{ source: "x", target: "b", operation: "add" }], { a: "1", b: "2" }],
  ];
  it.each(relabelled)("is relabelled: %s", (_what, relabel, labels) => {
    const delivery = one({ labels: { a: "1", b: "2" } }, { relabel });
    expect(delivery?.alert.labels).toEqual(labels);
    expect(delivery?.key).toBe(one({ labels: { a: "1", b: "2" } })?.key);
  });

  it("keeps a label called __proto__ as it is", () => {
    const labels = JSON.parse('{"__proto__": "odd", "alertname": "A"}');
    const delivery = one({ labels }, { relabel: [{ source: "alertname", target: "name", operation: "add" }] });
    expect(Object.entries(delivery?.alert.labels ?? {})).toContainEqual(["__proto__", "odd"]);
  });
});

it("quarantines the alerts of clusters that the sender may not speak for, and only them", () => {
  const clusterOf = ({ cluster = "shop" }: Readonly<Record<string, string>>) => {
    if (cluster === "bank") throw new ForbiddenError("not for the bank");
    return cluster;
  };
  const body = webhook({ status: "firing", labels: { cluster: "bank" } }, { status: "firing", labels: {} });
  const { deliveries, quarantined } = parse(body, { clusterOf });
  expect(deliveries.map(({ cluster }) => cluster)).toEqual(["shop"]);
  expect(quarantined).toEqual([{ at: "alerts[0]", reason: "not for the bank" }]);
});
