/** Reading what Prometheus answers. https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
import * as z from "zod";
import { PrometheusError } from "../errors.ts";
import type { Sample, Series } from "./prometheus.ts";
import type { Answer } from "./transport.ts";

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

const good = z.object({ status: z.literal("success"), data, warnings: z.array(z.string()).default([]) });
const bad = z.object({ status: z.literal("error"), errorType: z.string().default(""), error: z.string().default("") });

/** What a query was answered. */
export type QueryData = z.output<typeof data>;

export interface GoodAnswer {
  readonly data: QueryData;
  /** That the data is incomplete, for instance. */
  readonly warnings: readonly string[];
}

/** What a good answer holds. Throws a PrometheusError, which begins with `what`, for a refusal and for what is no answer of Prometheus. */
export function readAnswer(answer: Answer, what: string, scrub: (text: string) => string): GoodAnswer {
  const json = tryJson(answer.text);
  const read = good.safeParse(json);
  if (read.success && answer.status === 200) return read.data;
  throw refusal(answer, json, what, scrub);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const advice: ReadonlyMap<number, string> = new Map([
  [200, "That is no answer of a Prometheus; check `prometheus_url`."],
  [401, "Check `prometheus_auth`."],
  [403, "Check `prometheus_auth`, and what it may read."],
  [404, "Check `prometheus_url`: the API is below it, at `/api/v1/query`."],
]);

function refusal(
  { status, text }: Answer,
  json: unknown,
  what: string,
  scrub: (text: string) => string,
): PrometheusError {
  const own = bad.safeParse(json).data;
  const reason = own?.errorType || String(status);
  const said = sentence(scrub(own?.error ?? text));
  const cure = status >= 300 && status < 400 ? redirected : (advice.get(status) ?? "");
  const how = [status, own?.errorType].filter(Boolean).join(" ");
  const message = `${what} was answered ${how}: ${[said, cure].filter(Boolean).join(" ") || "no reason was given."}`;
  return new PrometheusError(status, reason, message);
}

const redirected = "Redirects are not followed; give the final address in `prometheus_url`.";
const longestReason = 300;

function sentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim().slice(0, longestReason);
  return line === "" || /[.!?]$/.test(line) ? line : `${line}.`;
}

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
