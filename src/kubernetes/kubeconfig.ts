/** Where a cluster's address and credentials come from. Loads client-node: import this file lazily. */
import { existsSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { ConfigurationError, describeError } from "../errors.ts";

export type KubeConfigSource =
  | { readonly from: "file"; readonly path: string; readonly context?: string }
  | { readonly from: "text"; readonly text: string; readonly context?: string }
  /** The service account of the pod in which Cortado runs. */
  | { readonly from: "pod" }
  /** As kubectl does it: `KUBECONFIG`, else `~/.kube/config`, else the pod's service account. */
  | { readonly from: "default"; readonly context?: string };

/** Reads a kubeconfig. Throws a ConfigurationError where it cannot be read, or names no server. */
export function loadKubeConfig(source: KubeConfigSource): KubeConfig {
  const config = new KubeConfig();
  const at = source.from === "file" ? source.path : "kubeconfig";
  try {
    load(config, source);
  } catch (error) {
    throw new ConfigurationError([{ at, message: `The kubeconfig cannot be read: ${describeError(error)}` }]);
  }
  if ("context" in source && source.context !== undefined) config.setCurrentContext(source.context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || !URL.canParse(server)) {
    const known = config.getContexts().map(({ name }) => name);
    const context = config.getCurrentContext() ?? "";
    throw new ConfigurationError([
      { at, message: `The context "${context}" names no server; the contexts are: ${known.join(", ") || "none"}.` },
    ]);
  }
  return config;
}

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
const serviceAccountToken = `${serviceAccount}/token`;

/** Whether it leads to the cluster in whose pod this program runs: the certificate that it trusts is the one that pods are given. */
export const leadsHome = (config: KubeConfig): boolean =>
  config.getCurrentCluster()?.caFile === `${serviceAccount}/ca.crt`;

function load(config: KubeConfig, source: KubeConfigSource): void {
  if (source.from === "file") config.loadFromFile(source.path);
  else if (source.from === "text") config.loadFromString(source.text);
  else if (source.from === "default") config.loadFromDefault();
  else if (existsSync(serviceAccountToken)) config.loadFromCluster();
  else throw new Error(`there is no ${serviceAccountToken}: this is not a pod, or it mounts no service account`);
}
