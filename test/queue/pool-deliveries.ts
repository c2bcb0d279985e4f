/** For threads of pool-worker.ts: what they load, and deliveries that say what they do. */
import type { NotifyDelivery } from "../../src/delivery.ts";
import type { Settings } from "../../src/settings.ts";

export const poolSettings = (configuration: string): Settings => ({
  configuration,
  dataDirectory: "",
  kubeConfig: { from: "default" },
  table: { kind: "embedded" },
  logLevel: "silent",
  env: {},
});

export const poolDelivery = (what: string, id = what): NotifyDelivery => ({
  kind: "notify",
  id,
  key: `notify#${id}`,
  cluster: "c",
  acceptedAt: 0,
  sink: what,
  message: { cluster: "c", key: "k", episode: "e", sink: what, part: "default" },
  finding: {
    title: "t",
    aggregationKey: "",
    severity: "INFO",
    source: "none",
    status: "firing",
    subject: { name: "", kind: "none", labels: {}, annotations: {} },
    cluster: "c",
    fingerprint: "",
    links: [],
    enrichments: [],
    notes: [],
  },
});
