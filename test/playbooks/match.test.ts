import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { AlertDelivery, ChangeDelivery } from "../../src/delivery.ts";
import { type Manifest, watchedPlaybooks, watchesOf } from "../../src/playbooks/manifest.ts";
import { matchFully, matchPayload } from "../../src/playbooks/match.ts";
import type { Playbook } from "../../src/playbooks/playbook.ts";
import { fakeCluster } from "../../src/testing/fake-cluster.ts";
import { inWords } from "../../src/trace.ts";
import { prometheusAlert } from "../../src/triggers/prometheus-alert.ts";
import { triggers } from "../../src/triggers/triggers.ts";

const alert = (alertname: string, status: "firing" | "resolved" = "firing"): AlertDelivery => ({
  kind: "alert",
  id: "1",
  key: "alert#1",
  cluster: "shop",
  acceptedAt: 0,
  alert: { status, labels: { alertname }, annotations: {}, fingerprint: "1" },
});
const change: ChangeDelivery = {
  kind: "change",
  id: "create",
  key: "object#1",
  cluster: "shop",
  acceptedAt: 0,
  operation: "create",
  object: { kind: "Pod", metadata: { name: "a" } },
};

const use = (name: string, params: object = {}) => {
  const trigger = triggers.find((one) => one.name === name);
  if (trigger === undefined) throw new Error(`no trigger ${name}`);
  return { trigger, params: trigger.params.parse(params) };
};
const playbook = (name: string, ...of: ReturnType<typeof use>[]): Playbook => ({
  id: name,
  name,
  at: "cortado.yaml:1",
  triggers: of,
  steps: [],
  stop: false,
});
const playbooks = [
  playbook("crash", use("on_prometheus_alert", { alert_name: "Crash" })),
  playbook("either", use("on_prometheus_alert", { alert_name: "A" }), use("on_prometheus_alert", { alert_name: "B" })),
  playbook("end", use("on_prometheus_alert", { alert_name: "End", status: "resolved" })),
  playbook("pods", use("on_pod_create")),
];

describe("the first look, at the payload", () => {
  const looked = (delivery: AlertDelivery | ChangeDelivery) => {
    const match = matchPayload(delivery, playbooks);
    return match.concerns ? "concerns somebody" : inWords(match.refusals);
  };

  it.each([
    ["an alert of one playbook", alert("Crash")],
    ["an alert of the second trigger", alert("B")],
    ["the other phase of an alert", alert("End", "firing")],
    ["the end of an alert that only its beginning is for", alert("Crash", "resolved")],
    ["a change", change],
  ])("%s concerns somebody", (_what, delivery) => {
    expect(looked(delivery)).toBe("concerns somebody");
  });

  it("says of each playbook why not, all its triggers together", () => {
    expect(looked(alert("Other"))).toEqual([
      { playbook: "crash", reason: 'the alert\'s name is "Other", not "Crash"' },
      { playbook: "either", reason: 'the alert\'s name is "Other", not "A"; the alert\'s name is "Other", not "B"' },
      { playbook: "end", reason: 'the alert\'s name is "Other", not "End"' },
      { playbook: "pods", reason: "on_pod_create is not about alerts" },
    ]);
  });
});

describe("the second look, at work", () => {
  const mayBegin = async () => undefined;
  const matched = async (delivery: AlertDelivery | ChangeDelivery, of = playbooks) => {
    const match = await matchFully(delivery, of, {
      cluster: { ...fakeCluster(), provider: async () => "EKS" },
      mayBegin,
    });
    return { matched: match.matched.map(({ playbook: { name } }) => name), others: match.others.length };
  };

  it.each([
    ["an alert", alert("Crash"), ["crash"]],
    ["the other phase", alert("End"), []],
    ["its own phase", alert("End", "resolved"), ["end"]],
    ["a change", change, ["pods"]],
  ])("%s", async (_what, delivery, names) => {
    expect(await matched(delivery)).toEqual({ matched: names, others: playbooks.length - names.length });
  });

  it("says of the built-in ones, too, why they do not run", async () => {
    const builtin = { ...playbook("ours", use("on_prometheus_alert", { alert_name: "Ours" })), builtin: true } as const;
    const { others } = await matchFully(alert("Any"), [builtin], { cluster: fakeCluster(), mayBegin });
    expect(others).toEqual([{ playbook: "ours", reason: 'the alert\'s name is "Any", not "Ours"', builtin: true }]);
  });

  it("asks last whether a trigger's turn has come, and then the next trigger", async () => {
    const of = [
      playbook("two ways", use("on_pod_create", { name_prefix: "b" }), use("on_pod_create"), use("on_pod_all_changes")),
      playbook("one way", use("on_pod_create")),
    ];
    const asked: string[] = [];
    const found = await matchFully(change, of, {
      cluster: fakeCluster(),
      mayBegin: async ({ id }, trigger) => {
        asked.push(`${id}: ${trigger}`);
        return trigger === "on_pod_create" ? "not yet" : undefined;
      },
    });
    expect(asked).toEqual(["two ways: on_pod_create", "two ways: on_pod_all_changes", "one way: on_pod_create"]);
    expect(found.matched.map(({ playbook: { name } }) => name)).toEqual(["two ways"]);
    expect(found.others).toEqual([{ playbook: "one way", reason: "not yet" }]);
  });

  it("asks the cluster where the payload cannot tell", async () => {
    const of = [
      playbook("eks", use("on_prometheus_alert", { k8s_providers: ["EKS"] })),
      playbook("gke", use("on_prometheus_alert", { k8s_providers: ["GKE"] })),
    ];
    expect(await matched(alert("Any"), of)).toEqual({ matched: ["eks"], others: 1 });
  });
});

describe("the manifest", () => {
  const manifest = (watched: Manifest["playbooks"]): Manifest => ({
    generation: "g",
    playbooks: watched,
    tokens: [],
    signers: [],
    clusters: { clusterName: "shop" },
    relabel: [],
    actions: [],
    lightActions: [],
    slackApps: [],
    bundles: [],
  });

  it("is plain data, from which the same playbooks are watched", () => {
    const plain = JSON.parse(JSON.stringify(watchedPlaybooks(playbooks)));
    expect(watchesOf(manifest(plain), triggers)).toEqual(
      playbooks.map(({ name, triggers: of }) => ({ name, triggers: of })),
    );
  });

  it("is refused where it names a trigger that this version does not have", () => {
    const foreign = { ...prometheusAlert, name: "on_tomorrow", params: z.strictObject({}) };
    const watched = watchedPlaybooks([playbook("p", { trigger: foreign, params: {} })]);
    expect(() => watchesOf(manifest(watched), triggers)).toThrow(/the manifest names the trigger on_tomorrow/);
  });
});
