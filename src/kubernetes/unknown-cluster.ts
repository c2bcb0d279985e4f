import { ClusterError } from "../errors.ts";
import type { Cluster } from "./kubernetes.ts";
import { adopt } from "./members.ts";

/**
 * A cluster that a delivery names and the configuration does not: everything about it is refused. It is never replaced by another, as a
 * remedy in the wrong cluster is the worst that could happen; its findings go out and say so.
 */
export function unknownCluster(name: string): Cluster {
  const refuse = async (): Promise<never> => {
    throw new ClusterError(
      0,
      "UnknownCluster",
      `the cluster ${name} is not in the configuration; add it to \`clusters\``,
    );
  };
  const cluster: Cluster = {
    name,
    inside: false,
    dryRun: false,
    get: refuse,
    getReferred: refuse,
    list: refuse,
    create: refuse,
    update: refuse,
    patch: refuse,
    delete: refuse,
    evict: refuse,
    logs: refuse,
    exec: refuse,
    getFromService: refuse,
    provider: refuse,
    adopt: (kind, object) => adopt(cluster, kind, object),
    within: () => cluster,
    withoutSignal: () => cluster,
  };
  return cluster;
}
