import * as z from "zod";
import { action, list, PrometheusKubernetesAlert, prometheusParams, type Sample, table } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";

const versions = `count by (git_version, node) (label_replace(kubernetes_build_info{job!~"kube-dns|coredns"}, "git_version", "$1", "git_version", "(v[0-9]*.[0-9]*).*"))`;

export const versionMismatchEnricher = action({
  name: "version_mismatch_enricher",
  description: "Shows which Kubernetes the API server and each node run, and what has to be updated to which.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: findsPrometheus,
  params: z.strictObject({
    ...prometheusParams,
    version_mismatch_query: z
      .string()
      .min(1)
      .default(versions)
      .describe("A query for series with the labels `git_version` and, of nodes, `node`"),
  }),
  async run(event, params, { log, prometheus }) {
    const found = versionsOf(await (await prometheus(params)).query(params.version_mismatch_query));
    const ofServer = newest(found.flatMap(({ node, version }) => (node === undefined ? [version] : [])));
    const all = newest(found.map(({ version }) => version));
    const nodes = found.flatMap(({ node, version }) => (node === undefined ? [] : [{ node, version }]));
    if (ofServer === undefined || all === undefined || nodes.length === 0) {
      return log.info("Prometheus does not know the versions of the API server and of nodes");
    }
    const behind = nodes.filter(({ version }) => version !== all).length;
    event.addEnrichment(
      [
        list([
          `The API server runs Kubernetes ${ofServer}${ofServer === all ? "" : `, and is to be updated to ${all} first`}`,
          behind === 0 ? `All nodes run ${all}` : `Nodes to be updated to ${all}: ${behind} of ${nodes.length}`,
        ]),
        table(
          ["node", "version"],
          nodes.map(({ node, version }) => [node, version]),
        ),
      ],
      { title: "Versions of Kubernetes" },
    );
  },
});

interface Version {
  /** Undefined: the API server's. */
  readonly node: string | undefined;
  readonly version: string;
}

/** Those of nodes by their names. */
const versionsOf = (samples: readonly Sample[]): Version[] =>
  samples
    .flatMap(({ labels: { git_version: version, node } }) => (version ? [{ node: node || undefined, version }] : []))
    .sort((a, b) => (a.node ?? "").localeCompare(b.node ?? ""));

/** `v1.27` is newer than `v1.9`. */
const newest = (all: readonly string[]): string | undefined =>
  [...all].sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
