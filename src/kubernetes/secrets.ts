import type { Cluster } from "./kubernetes.ts";

/** Reads keys of the cluster's Secrets; undefined where there is none. Throws a ClusterError. */
export const secretReader =
  (cluster: Cluster) =>
  async (namespace: string, name: string, key: string): Promise<string | undefined> => {
    const secret = await cluster.get("Secret", name, namespace);
    const encoded = secret?.data?.[key];
    return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
  };
