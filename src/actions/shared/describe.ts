/** An object in words, for people: what it is, what it wants, how it is. */
import * as z from "zod";
import { controllerOf, type EventRow, type KubernetesObject, type Pod } from "../../index.ts";
import { conditionsOf } from "./conditions.ts";
import { restartLine } from "./restarts.ts";

/** A copy of the object itself. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

const WithFields = z.object({
  spec: z.record(z.string(), z.unknown()).optional(),
  status: z.record(z.string(), z.unknown()).optional(),
});

/** Plain text. What lists and objects hold within its spec is left out, but for a pod's containers. */
export function describeObject(object: KubernetesObject, events: readonly EventRow[], pod?: Pod): string {
  const { spec, status } = WithFields.safeParse(object).data ?? {};
  const sections = [
    identity(object),
    section("Spec", aligned(scalars(spec))),
    section("Status", aligned(scalars(status))),
    section("Containers", pod === undefined ? [] : containerLines(pod)),
    section("Conditions", columns(["TYPE", "STATUS", "REASON", "MESSAGE"], conditionRows(object))),
    section("Events", columns(["TYPE", "REASON", "COUNT", "LAST SEEN", "MESSAGE"], events.map(eventRow))),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function identity(object: KubernetesObject): string[] {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, labels = {}, annotations = {}, creationTimestamp, deletionTimestamp } = metadata;
  const shown = Object.entries(annotations).filter(([key]) => key !== lastApplied);
  const owner = controllerOf(object);
  return aligned([
    ["Name", name],
    ["Namespace", namespace],
    ["Kind", apiVersion === undefined ? kind : `${kind} (${apiVersion})`],
    ["Created", creationTimestamp],
    ["Being deleted since", deletionTimestamp],
    ["Controlled by", owner && `${owner.kind} ${owner.name}`],
    ...Object.entries(labels).map(([key, value]) => ["Label", `${key}=${value}`] as const),
    ...shown.map(([key, value]) => ["Annotation", `${key}=${value}`] as const),
  ]);
}

function containerLines({ spec, status }: Pod): string[] {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(({ name, image, resources }) => {
    const own = statuses.find((one) => one.name === name);
    const facts = aligned([
      ["image", image],
      ["requests", amounts(resources?.requests)],
      ["limits", amounts(resources?.limits)],
      ["state", own && restartLine(own).replace(`*${name}*: `, "")],
    ]);
    return [name, ...indented(facts)];
  });
}

const amounts = (quantities: Readonly<Record<string, string>> | undefined) =>
  quantities &&
  Object.entries(quantities)
    .map(([resource, amount]) => `${resource} ${amount}`)
    .join(", ");

const conditionRows = (object: KubernetesObject) =>
  conditionsOf(object).map(({ type, status, reason, message }) => [type, status, reason ?? "", message ?? ""]);

const eventRow = ({ type, reason, count, lastSeen, message }: EventRow) => [
  type,
  reason,
  String(count),
  lastSeen,
  message,
];

function scalars(fields: Readonly<Record<string, unknown>> = {}): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    ["string", "number", "boolean"].includes(typeof value) ? [[name, String(value)]] : [],
  );
}

type Fact = readonly [name: string, value: string | undefined];

/** `Name:       api`, without those that have no value. */
function aligned(facts: readonly Fact[]): string[] {
  const known = facts.filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${`${name}:`.padEnd(width + 2)}${value}`);
}

/** Empty where there are no rows. The last column may be as wide as it likes. */
function columns(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const all = [headers, ...rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, " ")))];
  const widths = headers.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2))
      .join("")
      .trimEnd(),
  );
}

const section = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [`${title}:`, ...indented(lines)];
const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
