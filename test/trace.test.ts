import { expect, it } from "vitest";
import type { Delivery } from "../src/delivery.ts";
import { summarise } from "../src/trace.ts";
import { findingOf } from "./helpers/findings.ts";

const base = { id: "1", key: "k#1", cluster: "shop", acceptedAt: 0 };
const alert = { status: "firing", annotations: {}, fingerprint: "61fedfd61bacd0fc" } as const;
const message = { cluster: "shop", key: "k#1", episode: "e", sink: "slack", part: "default" };

const rows: readonly (readonly [Delivery, string])[] = [
  [{ ...base, kind: "alert", alert: { ...alert, labels: { alertname: "Crash" } } }, "Crash firing"],
  [{ ...base, kind: "alert", alert: { ...alert, labels: {}, status: "resolved" } }, "61fedfd61bacd0fc resolved"],
  [
    { ...base, kind: "change", operation: "update", object: { kind: "Pod", metadata: { name: "a", namespace: "b" } } },
    "Pod b/a updated",
  ],
  [{ ...base, kind: "change", operation: "delete", object: { metadata: { name: "a" } } }, "object a deleted"],
  [{ ...base, kind: "notify", sink: "slack", message, finding: findingOf({ title: "It fell" }) }, "It fell to slack"],
];
it.each(rows)("of a delivery only what names it: %#", (delivery, title) => {
  expect(summarise(delivery)).toEqual({ id: "1", key: "k#1", cluster: "shop", kind: delivery.kind, title });
});
