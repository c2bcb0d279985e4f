/**
 * Queries through a cluster's API server, which passes them on to a Service: the way in from outside the cluster. They are GETs, for which the
 * permission to `get` `services/proxy` is enough.
 */

import { PrometheusError } from "../errors.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";
import type { Found } from "./discovery.ts";
import type { PrometheusParams } from "./params.ts";
import { AnswerTooLongError, maxAnswerBytes, type Transport } from "./transport.ts";

/** Throws a PrometheusError for credentials: the API server takes them for its own, and passes none on. */
export function viaCluster(cluster: Cluster, found: Found, params: PrometheusParams): Transport {
  const { namespace, name, port, path } = found;
  const { prometheus_auth: auth, prometheus_additional_headers: headers = {}, prometheus_aws: aws } = params;
  if (auth || aws !== undefined || Object.keys(headers).length > 0) {
    const message = `The Prometheus of the cluster ${cluster.name} is reached through its API server, which passes no credentials or headers on. Give \`prometheus_url\`, an address that leads there from outside the cluster.`;
    throw new PrometheusError(0, "NotReachable", message);
  }
  const more = Object.fromEntries(new URLSearchParams(params.prometheus_url_query_string));
  return {
    where: `${namespace}/${name} (through the API server of ${cluster.name})`,
    server: `${cluster.name}/${namespace}/${name}`,
    send: async ({ endpoint, form }, signal) => {
      const { status, headers, body, cut } = await cluster.within({ signal }).getFromService({
        namespace,
        name,
        port,
        path: `${path}/api/v1/${endpoint}`,
        query: { ...more, ...form },
        limitBytes: maxAnswerBytes,
      });
      if (cut) throw new AnswerTooLongError();
      const retryAfter = headers["retry-after"];
      return { status, retryAfter: retryAfter?.toString(), text: Buffer.from(body).toString("utf8") };
    },
    scrub: (text) => text,
  };
}
