/** What an alert fills into queries. */
import type { PrometheusKubernetesAlert } from "../../index.ts";
import type { Values } from "./promql.ts";
import { nodeValues } from "./resource-graphs.ts";

/** What the alert is about, its labels, and its node's address where the text asks for that. Labels come before what was resolved. */
export async function alertValues(event: PrometheusKubernetesAlert, text: string): Promise<Values> {
  const { name, kind, namespace, node } = event.getSubject();
  const values = { name, kind, namespace, node, ...event.alert.labels };
  if (!text.includes("node_internal_ip")) return values;
  const found = await event.getNode();
  return found === undefined ? values : { ...values, ...nodeValues(found) };
}
