/** What each sink has to do for one delivery, before anything is done. */
import type { Finding } from "../findings/finding.ts";
import type { ReportedFinding } from "../findings/report.ts";
import type { MessageReference } from "../state/state.ts";
import type { SinkResult } from "../trace.ts";
import type { Held } from "./digest.ts";
import { defaultPart, originalOf, originals, type PostedReference, repeatedPart, resolvedPart } from "./parts.ts";
import { quietReason } from "./quiet.ts";
import { accepts, type ConfiguredSink } from "./route.ts";
import type { Sink } from "./sink.ts";

/** One thing to do at one sink. */
export interface Task {
  readonly sink: Sink;
  readonly part: string;
  readonly finding: Finding;
  /** The message that it is a reply to; absent for one of its own. */
  readonly replyTo?: PostedReference;
}

export interface Plan {
  /** In order within a sink. */
  readonly tasks: readonly Task[];
  readonly skipped: readonly SinkResult[];
  /** Of those that are skipped, what a digest is to tell. */
  readonly held: readonly Held[];
}

export interface PlanInput {
  findings(sink: string): readonly ReportedFinding[];
  readonly base: Finding;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Every finding that its sink takes is a message. */
export function planFiring(input: PlanInput, sinks: readonly ConfiguredSink[]): Plan {
  const routed = route(input, sinks);
  return {
    tasks: routed.flatMap(({ sink, taken }) => taken.map((found) => ({ sink, ...found }))),
    skipped: routed.flatMap(({ skipped }) => skipped),
    held: routed.flatMap(({ held }) => held),
  };
}

/** What is told when an alert fires on: replies to the messages that there are; where a sink has no replies, messages of their own. */
export function planRepeat(
  input: PlanInput & { readonly repeat: number },
  sinks: readonly ConfiguredSink[],
  existing: readonly MessageReference[],
): Plan {
  const routed = route(input, sinks);
  const again = (sink: Sink, { part, finding }: ReportedFinding): Task => {
    const own = { sink, part: repeatedPart(part, input.repeat), finding };
    if (sink.reply === undefined) return own;
    const replyTo = originalOf(existing, sink, part);
    // Nothing to reply to: the first message of this sink, which is what resolves.
    return replyTo === undefined ? { sink, part, finding } : { ...own, replyTo };
  };
  return {
    tasks: routed.flatMap(({ sink, taken }) => taken.map((found) => again(sink, found))),
    skipped: routed.flatMap(({ skipped }) => skipped),
    held: routed.flatMap(({ held }) => held.map((one) => ({ ...one, part: repeatedPart(one.part, input.repeat) }))),
  };
}

/**
 * Every message of the episode is edited, whether or not a playbook still speaks of it; replies stay as they are. What resolved playbooks
 * add goes to the message of the same part, else to the sink's first one, and is a message of its own only where the sink has none. Where
 * a sink cannot edit, the resolved findings are posted, under names of their own, but not while nothing new is told.
 */
export function planResolved(
  input: PlanInput,
  sinks: readonly ConfiguredSink[],
  existing: readonly MessageReference[],
): Plan {
  const routed = route(input, sinks);
  const configured = new Set(sinks.map(({ sink }) => sink.name));
  const orphans = existing.filter(({ key }) => !configured.has(key.sink));
  const plain = { ...input.base, enrichments: [] };
  return {
    tasks: routed.flatMap(({ sink, taken, quiet }) => {
      const parts = originals(existing, sink).map(({ key }) => key.part);
      if (sink.update === undefined && quiet !== undefined) return [];
      const found = sink.update === undefined ? anew(taken, parts, plain) : editing(taken, parts, plain);
      return found.map((task) => ({ sink, ...task }));
    }),
    // What it was told resolves in its message, also now.
    held: routed.flatMap(({ sink, held }) =>
      sink.update !== undefined && originals(existing, sink).length > 0 ? [] : held,
    ),
    skipped: [
      ...routed.flatMap((routed) => [...routed.skipped, ...untold(routed, existing)]),
      ...orphans.map(({ key: { sink, part } }) => ({
        sink,
        part,
        outcome: "skipped" as const,
        reason: `the configuration has no sink ${sink} any more`,
      })),
    ],
  };
}

function anew(taken: readonly ReportedFinding[], parts: readonly string[], plain: Finding): ReportedFinding[] {
  const told = taken.length === 0 && parts.length > 0 ? [{ part: defaultPart, finding: plain }] : taken;
  return told.map(({ part, finding }) => ({ part: resolvedPart(part), finding }));
}

/** That an alert resolved whose message cannot be edited, and no finding says so to be skipped itself. */
function untold({ sink, quiet, taken, skipped }: Routed, existing: readonly MessageReference[]): SinkResult[] {
  if (quiet === undefined || sink.update !== undefined || taken.length + skipped.length > 0) return [];
  if (originals(existing, sink).length === 0) return [];
  return [{ sink: sink.name, part: resolvedPart(defaultPart), outcome: "skipped", reason: quiet }];
}

function editing(
  taken: readonly ReportedFinding[],
  parts: readonly string[],
  plain: Finding,
): readonly ReportedFinding[] {
  if (parts.length === 0) return taken;
  const first = parts.includes(defaultPart) ? defaultPart : parts[0];
  const added = taken.filter(({ part }) => !parts.includes(part)).flatMap(({ finding }) => titled(finding));
  return parts.map((part) => {
    const finding = taken.find((found) => found.part === part)?.finding ?? plain;
    return {
      part,
      finding: part === first ? { ...finding, enrichments: [...finding.enrichments, ...added] } : finding,
    };
  });
}

/** A finding that becomes a part of another's message: its title says what it is about. */
const titled = ({ title, enrichments }: Finding): Finding["enrichments"] => [{ title, blocks: [] }, ...enrichments];

interface Routed {
  readonly sink: Sink;
  readonly taken: readonly ReportedFinding[];
  readonly skipped: readonly SinkResult[];
  readonly held: readonly Held[];
  /** Why it is told nothing new now. */
  readonly quiet: string | undefined;
}

/** A sink with `stop` that takes a finding is the last to take one: nothing after it goes anywhere, as in the model. */
function route(input: PlanInput, sinks: readonly ConfiguredSink[]): Routed[] {
  let stopped: string | undefined;
  return sinks.map(({ sink, params }) => {
    const taken: ReportedFinding[] = [];
    const skipped: SinkResult[] = [];
    const held: Held[] = [];
    const quiet = quietWords(params, input.now);
    for (const found of input.findings(sink.name)) {
      const refused = stopped ?? refusal(params, found.finding);
      const reason = refused ?? quiet;
      if (reason === undefined) taken.push(found);
      else skipped.push({ sink: sink.name, part: found.part, outcome: "skipped", reason });
      if (reason !== refused && params.digest) held.push({ sink, ...found });
      if (reason === undefined && params.stop) stopped = `${sink.name} took a finding and has stop: true`;
    }
    return { sink, taken, skipped, held, quiet };
  });
}

function quietWords(params: ConfiguredSink["params"], now: number): string | undefined {
  const reason = quietReason(params, now);
  return reason === undefined || !params.digest ? reason : `${reason}; its digest tells it`;
}

function refusal(params: ConfiguredSink["params"], finding: Finding): string | undefined {
  const acceptance = accepts(params, finding);
  return acceptance.accepted ? undefined : acceptance.reason;
}
