/** Adding label matchers to a query: the model's way to ask a Prometheus that has several clusters about one. */
import { escapeLabelValue } from "./prometheus.ts";

/** A string, a comment, or the end of a selector; of a selector also what is directly before its end. */
const parts = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|([{,]?)\s*\}/gs;

/** The query with the labels in every selector that is in braces; one without braces (`up`) stays as it is. */
export function addLabels(promql: string, labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabelValue(value)}"`);
  if (matchers.length === 0) return promql;
  return promql.replaceAll(parts, (part, before: string | undefined) =>
    before === undefined ? part : `${before || ","}${matchers.join(",")}}`,
  );
}
