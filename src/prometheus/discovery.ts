/** Finds the Prometheus of a cluster by the labels that well-known installations give its Service. */
import { PrometheusError } from "../errors.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";
import type { Service } from "../kubernetes/objects.gen.ts";

export interface Found {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  /** What is before the API's own path. */
  readonly path: string;
}

export interface Discovery {
  /** Throws a PrometheusError where there is none, or the cluster cannot be asked. */
  find(cluster: Cluster): Promise<Found>;
}

/** Where it is for programs in the cluster. */
export const addressInside = ({ namespace, name, port, path }: Found): URL =>
  new URL(`http://${name}.${namespace}.svc.cluster.local:${port}${path}`);

const serviceHost = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?$/;

/** The Service that an address is of, where it is one that leads somewhere in a cluster alone. */
export function serviceAt({ protocol, hostname, port, pathname }: URL): Found | undefined {
  const [, name, namespace] = serviceHost.exec(hostname) ?? [];
  if (protocol !== "http:" || name === undefined || namespace === undefined) return undefined;
  return { namespace, name, port: Number(port || 80), path: pathname.replace(/\/+$/, "") };
}

/** The first that leads to a Service counts; a Prometheus comes before what only answers like one. */
const selectors: readonly (readonly [selector: string, path?: string])[] = [
  ["app=kube-prometheus-stack-prometheus"],
  ["app=prometheus,component=server,release!=kubecost"],
  ["app.kubernetes.io/name=prometheus,app.kubernetes.io/component=server"],
  ["app=prometheus-server"],
  ["app=prometheus-operator-prometheus"],
  ["app=rancher-monitoring-prometheus"],
  ["app=prometheus-prometheus"],
  ["app.kubernetes.io/component=query,app.kubernetes.io/name=thanos"],
  ["app.kubernetes.io/name=thanos-query"],
  ["app=thanos-query"],
  ["app=thanos-querier"],
  ["app.kubernetes.io/name=vmsingle"],
  ["app.kubernetes.io/name=victoria-metrics-single"],
  // https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#url-format
  ["app.kubernetes.io/name=vmselect", "/select/0/prometheus"],
  ["app=vmselect", "/select/0/prometheus"],
];

/** As the model has it. */
const keepMilliseconds = 15 * 60_000;
/** One that is installed meanwhile, and a permission that is given meanwhile, count soon. */
const keepFailureMilliseconds = 60_000;

interface Remembered {
  readonly found: Promise<Found>;
  until: number;
}

/** Asks each cluster once in a while; whoever asks meanwhile waits for the same answer. */
export function createDiscovery(now: () => number): Discovery {
  const known = new Map<string, Remembered>();
  return {
    find(cluster) {
      const before = known.get(cluster.name);
      if (before !== undefined && before.until > now()) return before.found;
      const remembered = { found: search(cluster), until: now() + keepMilliseconds };
      known.set(cluster.name, remembered);
      remembered.found.catch(() => {
        remembered.until = now() + keepFailureMilliseconds;
      });
      return remembered.found;
    },
  };
}

/** The first that asks must not end it for those that wait, so its signal does not count. */
async function search(asked: Cluster): Promise<Found> {
  const cluster = asked.withoutSignal();
  const cure = "Give `prometheus_url`, in globalConfig for instance.";
  try {
    for (const [labelSelector, path = ""] of selectors) {
      const services = await cluster.list("Service", { labelSelector });
      const found = services.toSorted(byName).flatMap((service) => addressOf(service, path))[0];
      if (found !== undefined) return found;
    }
  } catch (error) {
    const message = `The cluster ${cluster.name} could not be asked where its Prometheus is. ${cure}`;
    throw new PrometheusError(0, "NotFound", message, { cause: error });
  }
  const message = `No Service of the cluster ${cluster.name} has the labels of a Prometheus that Cortado knows. ${cure}`;
  throw new PrometheusError(404, "NotFound", message);
}

const nameOf = ({ metadata: { namespace = "", name } }: Service) => `${namespace}/${name}`;
const byName = (one: Service, other: Service) => (nameOf(one) < nameOf(other) ? -1 : 1);

/** Ports beside that of the API are called otherwise: `reloader-web`, `grpc`. */
const portNames = ["http-web", "web", "http", "http-query", "query", "service"];

function addressOf({ metadata, spec }: Service, path: string): Found[] {
  const { namespace, name } = metadata;
  const ports = spec?.ports ?? [];
  const port = portNames.map((wanted) => ports.find((it) => it.name === wanted)).find(Boolean) ?? ports[0];
  return namespace === undefined || port === undefined ? [] : [{ namespace, name, port: port.port, path }];
}
