/** Graphs of what Prometheus answers. */
import * as z from "zod";
import {
  type Alert,
  type Block,
  type GraphOptions,
  graph,
  markdown,
  type PermissionRule,
  type Prometheus,
  type QueryRange,
  type Series,
} from "../../index.ts";

/** Prometheus is found by the labels of its Service; from outside the cluster it is asked through the API server. */
export const findsPrometheus: readonly PermissionRule[] = [
  { apiGroups: [""], resources: ["services"], verbs: ["list"] },
  { apiGroups: [""], resources: ["services/proxy"], verbs: ["get"] },
];

export const graphDuration = z.int().positive().default(60).describe("How many minutes back the graph goes, at least");

type Span = Pick<QueryRange, "start" | "end">;
/** A time, and the moments in it that are marked. */
export type MarkedSpan = Span & Pick<GraphOptions, "marks">;

/** So many minutes until now, or more: from `since` on, in milliseconds since the epoch. */
export function spanOf(minutes: number, since = Number.POSITIVE_INFINITY): Span {
  const end = Date.now();
  return { start: Math.min(since, end - minutes * 60_000), end };
}

/** Where and how an alert is drawn: at least since it began to fire, which is marked. */
export function alertSpan({ startsAt, endsAt, status }: Alert, minutes: number): MarkedSpan {
  const span = spanOf(minutes, startsAt);
  const marks = [
    { name: "Alert began", at: startsAt },
    { name: "Alert ended", at: status === "resolved" ? endsAt : undefined },
  ].flatMap(({ name, at }) => (at === undefined || at > span.end ? [] : [{ name, at }]));
  return { ...span, marks };
}

export interface GraphRequest extends QueryRange, GraphOptions {
  readonly title: string;
  readonly query: string;
  /** Which of the series are drawn; default all. */
  readonly choose?: (series: readonly Series[]) => readonly Series[];
}

/** The query's answer as a graph, or as a sentence where there is nothing to draw. Throws a PrometheusError. */
export async function drawGraph(prometheus: Prometheus, request: GraphRequest): Promise<Block> {
  const { title, query, start, end, stepSeconds, choose = (all) => all, ...options } = request;
  const range = { start, end, ...(stepSeconds === undefined ? {} : { stepSeconds }) };
  const series = choose(await prometheus.queryRange(query, range));
  const names = seriesNames(series.map(({ labels }) => labels));
  const drawn = graph(
    title,
    series.map(({ points }, index) => ({ name: names[index] ?? "", points })),
    options,
  );
  return drawn.series.some(({ points }) => points.length > 0) ? drawn : noData(title, request);
}

const noData = (title: string, { query, start, end }: GraphRequest): Block => {
  const about = title === query ? "" : `*${title}*: `;
  const [from, to] = [start, end].map((time) => new Date(time).toISOString().replace(/:\d\d\.\d+Z$/, "Z"));
  return markdown(`${about}_Prometheus has no data from ${from} to ${to} for_ \`${query}\``);
};

type Labels = Series["labels"];

/** What a series is of: the smallest of these that it has. */
const targets = ["container", "pod", "node"];
export const targetOf = (labels: Labels): string | undefined =>
  targets.map((name) => labels[name]).find((value) => value !== undefined && value !== "");

/** A name for each: what it is of where that tells them apart, else the labels in which they differ. */
export function seriesNames(all: readonly Labels[]): string[] {
  const byTarget = all.map(targetOf);
  if (byTarget.every((name) => name !== undefined) && new Set(byTarget).size === all.length) return byTarget;
  const keys = [...new Set(all.flatMap((labels) => Object.keys(labels)))];
  const telling = keys.filter((key) => new Set(all.map((labels) => labels[key])).size > 1);
  const shown = all.length > 1 ? telling : keys.filter((key) => !["job", "__name__"].includes(key));
  return all.map((labels) => shown.flatMap((key) => labels[key] || []).join(" "));
}
