import { action, type Cluster, PrometheusKubernetesAlert, relatedPods } from "../index.ts";

/** What the images of a cluster's DNS are called, by the name of its scrape job in kube-prometheus. */
const images: ReadonlyMap<string, RegExp> = new Map([
  ["coredns", /coredns/],
  ["kube-dns", /kube-?dns|k8s-dns/],
]);

export const targetDownDnsSilencer = action({
  name: "target_down_dns_silencer",
  description:
    "Silences the alert that CoreDNS or kube-dns is down where the cluster has none, or the other of the two.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["services"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
  ],
  async run(event, _params, { log }) {
    const { job = "", service, namespace = "kube-system" } = event.alert.labels;
    const image = images.get(job);
    if (image === undefined || !service) return log.info("the alert is not about the cluster's DNS");
    const why = await whyNeverUp(event.cluster, { service, namespace, image });
    if (why === undefined) return;
    log.info(`silenced: ${why}; disable the monitor of ${job} in Prometheus's configuration`, { service, namespace });
    event.stopProcessing();
  },
});

interface Target {
  readonly service: string;
  readonly namespace: string;
  readonly image: RegExp;
}

/** Undefined where there is such a DNS, so that the alert is true. */
async function whyNeverUp(cluster: Cluster, { service, namespace, image }: Target): Promise<string | undefined> {
  const found = await cluster.get("Service", service, namespace);
  if (found === undefined) return "the service that is to be scraped does not exist";
  const pods = await relatedPods(cluster, found);
  const runs = pods
    .flatMap(({ spec }) => spec?.containers ?? [])
    .some((container) => image.test(container.image ?? ""));
  // Without any pods it cannot be told, and a DNS without pods is worth an alert.
  return runs || pods.length === 0 ? undefined : "the pods behind the service are of another DNS";
}
