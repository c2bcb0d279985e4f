/** Requests to one Prometheus: each in its turn, with a deadline, tried again once where it was busy, and refused in words. */
import type { LimitFunction } from "p-limit";
import { abortable } from "../kubernetes/abortable.ts";
import { answerSchema, type QueryData } from "./answers.ts";
import type { PrometheusParams } from "./params.ts";

export interface RequestsOptions {
  readonly url: URL;
  readonly params: PrometheusParams;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
  readonly queue: LimitFunction;
}

export type Ask = (endpoint: "query" | "query_range", form: Readonly<Record<string, string>>) => Promise<QueryData>;

export function createRequests({ url, params, signal, timeoutSeconds, queue }: RequestsOptions): Ask {
  return async (endpoint, form) => {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(timeoutSeconds * 1_000);
    const both = AbortSignal.any([signal, deadline]);
    return await abortable(
      queue(async () => {
        both.throwIfAborted();
        const target = new URL(`${url.pathname.replace(/\/+$/, "")}/api/v1/${endpoint}`, url);
        for (const [name, value] of Object.entries(form)) target.searchParams.set(name, value);
        const response = await fetch(target, {
          redirect: "manual",
          headers: { ...params.prometheus_additional_headers },
          signal: both,
        });
        return answerSchema.parse(await response.json()).data;
      }),
      both,
    );
  };
}
