import { describe, expect, it } from "vitest";
import type { AlertDelivery } from "../../src/delivery.ts";
import { readConfiguration } from "../../src/playbooks/configuration.ts";
import { load } from "../../src/playbooks/load.ts";
import { type Matched, matchFully } from "../../src/playbooks/match.ts";
import { playbook } from "../../src/playbooks/playbook.ts";
import { fakeCluster } from "../../src/testing/fake-cluster.ts";
import { onPrometheusAlert, prometheusAlert } from "../../src/triggers/prometheus-alert.ts";
import { vocabulary } from "../playbooks/vocabulary.ts";

const delivery = (status: "firing" | "resolved" = "firing"): AlertDelivery => ({
  kind: "alert",
  id: "d",
  key: "alert#1",
  cluster: "c",
  acceptedAt: 0,
  alert: { status, labels: { alertname: "Any" }, annotations: {}, fingerprint: "1" },
});

const typed = playbook({ triggers: [onPrometheusAlert({ alert_name: "Any" })], actions: [] });
const words = {
  ...vocabulary,
  triggers: [prometheusAlert],
  typedPlaybooks: [{ playbook: typed, exportName: "typed", at: "own.ts" }],
};
const loaded = (params: string, rest = "") => {
  const text = `customPlaybooks:\n- triggers: [on_prometheus_alert: {${params}}]\n  actions: [logs_enricher: ]\n${rest}`;
  return load(readConfiguration(text, { file: "c.yaml" }), words);
};
/** After how many seconds the playbook of the configuration, and the typed one, run again. */
const secondsOf = async (params: string, rest = "", status?: "firing" | "resolved") => {
  const { matched } = await matchFully(delivery(status), loaded(params, rest).playbooks, {
    cluster: fakeCluster(),
    mayBegin: async () => undefined,
  });
  return matched.map(({ repeatSeconds }: Matched) => repeatSeconds);
};

describe("repeat of on_prometheus_alert", () => {
  it.each([
    ["", "", [undefined, undefined]],
    ["repeat: never", "", [undefined, undefined]],
    ["repeat: 1m", "", [60, undefined]],
    ["repeat: 60s", "", [60, undefined]],
    ["repeat: 1h30m", "", [5_400, undefined]],
    ["repeat: 1.5h", "", [5_400, undefined]],
    ["repeat: 4h", "", [14_400, undefined]],
    ["repeat: 365d", "", [31_536_000, undefined]],
    ["", "alertRepeat: 4h", [14_400, 14_400]],
    ["repeat: 1h", "alertRepeat: 4h", [3_600, 14_400]],
    ["repeat: never", "alertRepeat: 4h", [undefined, 14_400]],
    ["", "alertRepeat: never", [undefined, undefined]],
    ["repeat: 1h, k8s_providers: [Unknown]", "", [3_600, undefined]],
  ])("%j under %j", async (params, rest, expected) => {
    expect(await secondsOf(params, rest)).toEqual(expected);
  });

  it("is about what fires on: a resolution is told once", async () => {
    expect(await secondsOf("repeat: 1h, status: all", "", "resolved")).toEqual([undefined]);
  });

  const written = "Give a duration as in 30m, 4h or 1h30m, or `never`.";
  const within = "Give at least 1m and at most 365d, or `never`.";
  it.each([
    ["repeat: 59s", within],
    ["repeat: 0h", within],
    ["repeat: 366d", within],
    ["repeat: 99999999999999999999d", within],
    ["repeat: 4", written],
    ["repeat: 4 hours", written],
    ["repeat: -1h", written],
    ["repeat: ''", written],
  ])("%s is refused", (params, message) => {
    expect(loaded(params).problems.map(({ at, message: said }) => [at, said])).toEqual([["c.yaml:2:44", message]]);
  });

  it("is refused at the top level as in a trigger", () => {
    const said = () => loaded("", "alertRepeat: 30s");
    expect(said).toThrow(`c.yaml:4:14  ${within}`);
  });
});
