/** Reading what Prometheus answers. https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
import * as z from "zod";
import type { Sample, Series } from "./prometheus.ts";

/** `[unix seconds, "value"]` */
const point = z.tuple([z.number(), z.string()]);
const metric = z.record(z.string(), z.string()).default({});

/** A native histogram has no `value` or `values`; it is left out, as no graph of ours shows one. */
const vector = z.object({
  resultType: z.literal("vector"),
  result: z.array(z.object({ metric, value: point.optional() })).nullable(),
});
const matrix = z.object({
  resultType: z.literal("matrix"),
  result: z.array(z.object({ metric, values: z.array(point).default([]) })).nullable(),
});
const single = z.object({ resultType: z.enum(["scalar", "string"]), result: point });

const data = z.discriminatedUnion("resultType", [vector, matrix, single]);

export const answerSchema = z.object({
  status: z.literal("success"),
  data,
  warnings: z.array(z.string()).optional(),
});

/** What a query was answered. */
export type QueryData = z.output<typeof data>;

/** The last value of each series where the query itself is over a time (`up[5m]`). */
export function readSamples({ resultType, result }: QueryData): Sample[] {
  switch (resultType) {
    case "vector":
      return (result ?? []).flatMap(({ metric: labels, value }) =>
        value === undefined ? [] : [sample(labels, value)],
      );
    case "matrix":
      return (result ?? []).flatMap(({ metric: labels, values }) =>
        values.slice(-1).map((value) => sample(labels, value)),
      );
    default:
      return [sample({}, result)];
  }
}

export function readSeries(answer: QueryData): Series[] {
  if (answer.resultType !== "matrix")
    return readSamples(answer).map(({ labels, at, value }) => ({ labels, points: [[at, value]] }));
  return (answer.result ?? []).map(({ metric: labels, values }) => ({ labels, points: values.map(readPoint) }));
}

type Point = z.output<typeof point>;

function sample(labels: Readonly<Record<string, string>>, given: Point): Sample {
  const [at, value] = readPoint(given);
  return { labels, at, value };
}

const readPoint = ([seconds, text]: Point): readonly [number, number] => [Math.round(seconds * 1_000), readValue(text)];

const infinities: ReadonlyMap<string, number> = new Map([
  ["Inf", Number.POSITIVE_INFINITY],
  ["+Inf", Number.POSITIVE_INFINITY],
  ["-Inf", Number.NEGATIVE_INFINITY],
]);

const readValue = (text: string): number => infinities.get(text) ?? (text === "" ? Number.NaN : Number(text));
