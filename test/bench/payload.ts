import { readFile } from "node:fs/promises";
import * as z from "zod";

const recordedBody = z.looseObject({
  alerts: z.array(
    z.looseObject({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()) }),
  ),
});

/** What a Prometheus in a cluster adds to the labels of the recording, and kube-prometheus to its annotations. */
const usualLabels = {
  endpoint: "http",
  instance: "10.0.12.34:8080",
  job: "kube-state-metrics",
  prometheus: "monitoring/k8s",
  reason: "CrashLoopBackOff",
  service: "kube-state-metrics",
  team: "shop-platform",
  uid: "3f0f6f2e-6c1b-4d58-9f55-7c8d2b6f9a10",
};
const usualAnnotations = {
  dashboard: "https://grafana.example.com/d/kubernetes-pods/pods?var-namespace=shop&var-pod=api-6d4cf56db6-abcde",
  runbook_url: "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping",
  impact: "Requests to this service may fail or be slow until the container stays up. Look at its logs and events.",
};

/** Makes a webhook of so many alerts, some 1.1 KB each, out of a recorded one; no two alerts of any two numbers are the same. */
export async function readPayload(alerts: number): Promise<(number: number) => string> {
  const file = new URL("../fixtures/alertmanager/0.28/wh-default-0001.json", import.meta.url);
  const body = recordedBody.parse(JSON.parse(await readFile(file, "utf8")));
  const [alert] = body.alerts;
  if (alert === undefined) throw new Error("the recording has no alert");
  return (number) =>
    JSON.stringify({
      ...body,
      alerts: Array.from({ length: alerts }, (_, index) => ({
        ...alert,
        labels: { ...alert.labels, ...usualLabels },
        annotations: { ...alert.annotations, ...usualAnnotations },
        fingerprint: (number * alerts + index + 1).toString(16).padStart(16, "0"),
      })),
    });
}
