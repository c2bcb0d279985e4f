/** The sinks of a configuration, as far as they decide what they take: what they are told is shown, and goes nowhere. */
import { ConfigurationError } from "../errors.ts";
import type { SinkUse } from "../playbooks/load.ts";
import { check } from "../playbooks/params.ts";
import { type OpenSinks, routingSchema } from "../sinks/open-sinks.ts";
import type { ConfiguredSink } from "../sinks/route.ts";
import type { Sink } from "../sinks/sink.ts";
import { sinkTypes } from "../sinks/sink-types.ts";
import type { SinkResult } from "../trace.ts";

/** Needs none of their secrets. Throws a ConfigurationError where not even their routing can be read. */
export function shownSinks(uses: readonly SinkUse[]): OpenSinks {
  const sinks = uses.length > 0 ? uses.map(shownSink) : [shownSink(fallback)];
  return async () => sinks;
}

const fallback = { type: "console_sink", name: "console", at: "", written: { name: "console" } };

function shownSink({ type, name, at, written }: Pick<SinkUse, "type" | "name" | "at" | "written">): ConfiguredSink {
  const routing = check(routingSchema, written, type);
  if (!routing.ok) throw new ConfigurationError(routing.refusals.map(({ message }) => ({ at, message })));
  const done = async () => ({});
  const edits = sinkTypes.get(type)?.edits ? { update: done, reply: done, rewrite: done } : {};
  const sink: Sink = { name, type, post: done, ...edits };
  return { sink, params: routing.value };
}

/** What became of a message that went nowhere. */
export const shownResult = (result: SinkResult): SinkResult =>
  result.outcome === "posted" || result.outcome === "edited"
    ? { ...result, outcome: "skipped", reason: `it would have been ${result.outcome}; --send does it` }
    : result;
