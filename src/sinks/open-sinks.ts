/** The sinks of a configuration, made from their params; those whose params name secrets of the cluster once these can be read. */
import * as z from "zod";
import { describeError, SinkError } from "../errors.ts";
import type { ConfiguredSink } from "./route.ts";
import { sinkParamsShape } from "./sink-params.ts";
import { type SinkServices, sinkTypes } from "./sink-types.ts";

export interface SinkEntry {
  readonly type: string;
  readonly name: string;
  /** Parsed; undefined where they have to be resolved first. */
  readonly params: unknown;
  /** As written, with references as references. */
  readonly written: unknown;
  readonly resolveParams?: () => Promise<unknown>;
}

/** In the order of the configuration. */
export type OpenSinks = () => Promise<readonly ConfiguredSink[]>;

/**
 * Each sink is made once. One whose secrets cannot be read now refuses what it is given, in a way that is tried again, and is made anew
 * for the next delivery: an alert about an API server that is away must not wait for it at the other sinks.
 */
export function openSinks(entries: readonly SinkEntry[], services: SinkServices): OpenSinks {
  const made = new Map<string, ConfiguredSink>();
  const open = async (entry: SinkEntry): Promise<ConfiguredSink[]> => {
    const type = sinkTypes.get(entry.type);
    if (type === undefined) return [];
    try {
      const params = entry.resolveParams === undefined ? entry.params : await entry.resolveParams();
      const sink = made.get(entry.name) ?? type.create(params, services);
      made.set(entry.name, sink);
      return [sink];
    } catch (error) {
      return [refusingSink(entry, type.edits, error)];
    }
  };
  return async () => (await Promise.all(entries.map(async (entry) => made.get(entry.name) ?? open(entry)))).flat();
}

/** What routing needs is never a secret. */
const routing = z.object(sinkParamsShape);

/** It can do what the sink could, so that what it is given is planned, and later tried again, as for that one. */
function refusingSink({ name, type, written }: SinkEntry, edits: boolean, cause: unknown): ConfiguredSink {
  const message = `the sink ${name} is not ready: ${describeError(cause)}`;
  const refuse = () => Promise.reject(new SinkError(message, { retryable: true, cause }));
  return {
    params: routing.parse(written),
    sink: {
      name,
      type,
      post: refuse,
      ...(edits ? { update: refuse, reply: refuse } : {}),
    },
  };
}
