/** The sinks of a configuration, made from their params; those whose params name secrets of the cluster once these can be read. */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { describeError, SinkError, UnavailableError } from "../errors.ts";
import type { ConfiguredSink } from "./route.ts";
import { editedSinkParamsShape, type SinkParams } from "./sink-params.ts";
import { type SinkServices, type SinkType, sinkTypes } from "./sink-types.ts";

export interface SinkEntry {
  readonly type: string;
  readonly name: string;
  /** Parsed; undefined where they have to be resolved first. */
  readonly params: unknown;
  readonly later?: {
    /** What it takes, which is known before the secrets are. */
    readonly routing: SinkParams;
    readonly resolveParams: () => Promise<unknown>;
  };
}

/** In the order of the configuration. */
export type OpenSinks = () => Promise<readonly ConfiguredSink[]>;

/** Reads from a sink's params what routing needs; of the other params there may be nothing yet but references. */
export const routingSchema = z.object(editedSinkParamsShape);

export interface OpenSinksOptions {
  /** How long a delivery waits for the secrets of a sink, in milliseconds; default 2,000. */
  readonly patience?: number;
}

/**
 * Each sink is made once. One whose secrets cannot be read now refuses what it is given, in a way that is tried again, and is made anew
 * for the next delivery: an alert about an API server that is away must not wait for it at the other sinks.
 */
export function openSinks(
  entries: readonly SinkEntry[],
  services: SinkServices,
  { patience = 2_000 }: OpenSinksOptions = {},
): OpenSinks {
  const made = new Map<string, ConfiguredSink>();
  const opening = new Map<string, Promise<ConfiguredSink>>();

  const create = async ({ name, params, later }: SinkEntry, type: SinkType) => {
    const sink = type.create(later === undefined ? params : await later.resolveParams(), services);
    made.set(name, sink);
    return sink;
  };

  /** One attempt at a time. Whoever comes while it takes longer than that waits no more. */
  const open = (entry: SinkEntry, type: SinkType): Promise<ConfiguredSink> => {
    const attempt = create(entry, type);
    const bounded = Promise.race([attempt, tooLate(patience)]);
    opening.set(entry.name, bounded);
    const end = () => opening.delete(entry.name);
    attempt.then(end, end);
    return bounded;
  };

  const sinkOf = async (entry: SinkEntry): Promise<ConfiguredSink[]> => {
    const type = sinkTypes.get(entry.type);
    if (type === undefined) return [];
    try {
      return [made.get(entry.name) ?? (await (opening.get(entry.name) ?? open(entry, type)))];
    } catch (error) {
      if (entry.later === undefined) throw error;
      return [refusingSink(entry, type, entry.later.routing, error)];
    }
  };

  return async () => (await Promise.all(entries.map(sinkOf))).flat();
}

async function tooLate(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false });
  throw new UnavailableError("the cluster has not answered yet with the secrets that it needs");
}

/** It can do what the sink could, so that what it is given is planned, and later tried again, as for that one. */
function refusingSink(
  { name }: SinkEntry,
  { type, edits }: SinkType,
  params: SinkParams,
  cause: unknown,
): ConfiguredSink {
  const message = `the sink ${name} is not ready: ${describeError(cause)}`;
  const refuse = () => Promise.reject(new SinkError(message, { retryable: true, cause }));
  return {
    params,
    sink: {
      name,
      type,
      post: refuse,
      ...(edits ? { update: refuse, reply: refuse, rewrite: refuse, answer: refuse } : {}),
    },
  };
}
