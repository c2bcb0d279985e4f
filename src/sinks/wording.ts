/** How sinks put the facts of a finding into words. */
import type { FileBlock } from "../findings/blocks.ts";
import type { Finding } from "../findings/finding.ts";

/** `pod shop/checkout-7d9f`; of a finding about no object its namespace, or undefined. */
export function subjectWords({ subject: { name, kind, namespace } }: Finding): string | undefined {
  if (kind === "none" || kind === "namespace" || name === "") return namespace ? `namespace ${namespace}` : undefined;
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

/** Whom it is about and where: subject, container, node, cluster. */
export function placeWords(finding: Finding): string[] {
  const { container, node, kind } = finding.subject;
  const subject = subjectWords(finding);
  return [
    ...(subject === undefined ? [] : [subject]),
    ...(container ? [`container ${container}`] : []),
    ...(node && kind !== "node" ? [`node ${node}`] : []),
    ...(finding.cluster ? [`cluster ${finding.cluster}`] : []),
  ];
}

/** Only an alert fires; what is told of a change or a schedule has no status worth a word until it resolves. */
export const statusWord = ({ status, source }: Pick<Finding, "status" | "source">): string | undefined =>
  status === "resolved" ? "Resolved" : source === "prometheus" ? "Firing" : undefined;

/** How long it fired, in milliseconds; undefined while it does, or where its start is unknown. */
export function firedFor({
  status,
  startsAt,
  endsAt,
}: Pick<Finding, "status" | "startsAt" | "endsAt">): number | undefined {
  if (status !== "resolved" || startsAt === undefined || endsAt === undefined || endsAt < startsAt) return;
  return endsAt - startsAt;
}

/** Milliseconds as their two greatest units: `45s`, `12m 5s`, `3h`, `2d 4h`. */
export function durationWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(" ");
}

/** `2026-08-01 10:41:07 UTC`; undefined for a time that no date can hold. */
export function timeWords(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `1 line`, `3 lines` */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export const fileBytes = ({ contents, encoding }: FileBlock): Buffer => Buffer.from(contents, encoding);
