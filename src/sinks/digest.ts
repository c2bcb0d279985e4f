/**
 * What a sink was not told while it was quiet (`digest`): kept as it happens, and told as one message with the first delivery after that.
 * There is one digest to be told at a time, and it has one name, so that of many workers one posts it, and the next one tries again where
 * none did.
 */
import { createHash } from "node:crypto";
import type { MessageKey } from "../delivery.ts";
import type { ReportedFinding } from "../findings/report.ts";
import type { Digest, Digests, Messages } from "../state/state.ts";
import type { SinkResult } from "../trace.ts";
import { digestFinding, heldEntry } from "./digest-finding.ts";
import { deliverMessage, failure, type MessageOutcome, messageId } from "./message.ts";
import { defaultPart } from "./parts.ts";
import { quietReason } from "./quiet.ts";
import type { ConfiguredSink } from "./route.ts";
import type { Sink } from "./sink.ts";

export interface DigestDependencies {
  readonly sinks: readonly ConfiguredSink[];
  readonly messages: Messages;
  readonly digests: Digests;
  readonly now: () => number;
}

/** A finding that its sink is not told because it is quiet, and that its digest is to tell. */
export interface Held extends ReportedFinding {
  readonly sink: Sink;
}

type NamesMessage = (sink: string, part: string) => MessageKey;

/** Keeps what is not told now. Throws UnavailableError where the table is away: then nothing has been told. */
export async function holdForDigest(
  held: readonly Held[],
  nameOf: NamesMessage,
  { digests, now }: DigestDependencies,
): Promise<void> {
  for (const { sink, part, finding } of held) {
    const member = { entry: heldEntry(finding, now()), resolved: finding.status === "resolved" };
    await digests.hold(sink.name, messageId(nameOf(sink.name, part)), member);
  }
}

/** Notes what has resolved before its digest was told. */
export async function resolveInDigests(
  findings: (sink: string) => readonly ReportedFinding[],
  nameOf: NamesMessage,
  { sinks, digests }: DigestDependencies,
): Promise<void> {
  for (const { sink, params } of sinks) {
    if (!params.digest) continue;
    const parts = new Set([defaultPart, ...findings(sink.name).map(({ part }) => part)]);
    for (const part of parts) await digests.resolve(sink.name, messageId(nameOf(sink.name, part)));
  }
}

/** Tells each sink that is not quiet any more what it was not told. Never throws; what failed is tried again with the next delivery. */
export async function tellDigests(
  { owner, signal }: { readonly owner: string; readonly signal: AbortSignal },
  dependencies: DigestDependencies,
): Promise<readonly SinkResult[]> {
  const awake = dependencies.sinks.filter(
    ({ params }) => params.digest && quietReason(params, dependencies.now()) === undefined,
  );
  const told = await Promise.all(awake.map((configured) => tellDigest(configured, { owner, signal }, dependencies)));
  return told.flat();
}

async function tellDigest(
  { sink, params }: ConfiguredSink,
  { owner, signal }: { readonly owner: string; readonly signal: AbortSignal },
  { digests, messages }: DigestDependencies,
): Promise<SinkResult[]> {
  try {
    const digest = await digests.due(sink.name);
    if (digest === undefined) return [];
    const key = keyOf(sink, digest);
    const finding = digestFinding(digest, params.activity?.timezone ?? params.mute_intervals?.[0]?.timezone ?? "UTC");
    const outcome: MessageOutcome =
      digest.entries.length === 0
        ? { outcome: "skipped", reason: "what was kept for it has expired" }
        : await deliverMessage({ sink, key, finding, existing: undefined, owner, signal }, messages);
    if (!isToBeTriedAgain(outcome)) await digests.told(sink.name, digest.number);
    return [resultOf(key, outcome)];
  } catch (error) {
    return [resultOf({ sink: sink.name, part: "digest" }, failure(error, signal))];
  }
}

const isToBeTriedAgain = (outcome: MessageOutcome): boolean => outcome.outcome === "failed" && outcome.retryable;

function resultOf({ sink, part }: Pick<MessageKey, "sink" | "part">, outcome: MessageOutcome): SinkResult {
  if (outcome.outcome !== "failed") return { sink, part, ...outcome };
  const then = outcome.retryable ? "; tried again with the next delivery" : "; given up";
  return { sink, part, outcome: "failed", reason: `${outcome.reason}${then}` };
}

/** A digest may be of several clusters. */
const keyOf = (sink: Sink, { number }: Digest): MessageKey => ({
  cluster: "",
  key: `digest#${createHash("sha256").update(sink.name).digest("hex").slice(0, 32)}`,
  episode: String(number),
  sink: sink.name,
  part: "digest",
});
