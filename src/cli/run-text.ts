/** Runs in words, for a terminal. */
import * as z from "zod";
import { effectLines } from "../dev/arrows.ts";
import type { Finding } from "../findings/finding.ts";
import { renderFinding } from "../sinks/console.ts";
import { printableLine } from "../sinks/printable.ts";
import { durationWords, timeWords } from "../sinks/wording.ts";
import type { Effect } from "../trace.ts";

const reasoned = { reason: z.string().optional() };

/** What the API says of a run. */
export const runSchema = z.object({
  run: z.string(),
  state: z.string(),
  title: z.string(),
  cluster: z.string(),
  startedAt: z.number(),
  milliseconds: z.number(),
  steps: z.array(
    z.object({ playbook: z.string(), action: z.string(), state: z.string(), milliseconds: z.number(), ...reasoned }),
  ),
  notes: z.array(z.string()),
  others: z.array(z.object({ playbook: z.string(), reason: z.string() })),
  sinks: z.array(z.object({ sink: z.string(), outcome: z.string(), ...reasoned })).optional(),
  findings: z.array(z.custom<Finding>((value) => typeof value === "object" && value !== null)).optional(),
  dryRun: z.literal(true).optional(),
  effects: z.array(z.custom<Effect>((value) => typeof value === "object" && value !== null)).optional(),
});
export type Run = z.output<typeof runSchema>;

export const listSchema = z.object({
  runs: z.array(
    z.object({
      run: z.string(),
      playbook: z.string(),
      state: z.string(),
      title: z.string(),
      cluster: z.string(),
      startedAt: z.number(),
      milliseconds: z.number(),
    }),
  ),
  next: z.string().optional(),
});
export type ListedRun = z.output<typeof listSchema>["runs"][number];

export const isUnderWay = ({ state }: Pick<Run, "state">): boolean => state === "queued" || state === "running";

/** What was found, what would have been done, and how it ended. */
export function runText(run: Run, options: { readonly colour: boolean }): string {
  const findings = (run.findings ?? []).map((finding) => renderFinding(finding, options));
  const effects = (run.effects ?? []).flatMap(effectLines);
  const told = run.dryRun ? [`Would have been done:`, ...(effects.length === 0 ? ["nothing"] : effects)] : [];
  const bad = run.steps.filter(({ state }) => state !== "done");
  // Of a run with findings they are in these already.
  const notes = findings.length > 0 ? [] : run.notes.map((note) => `Note: ${note}`);
  return [
    ...findings,
    told.map((line, index) => (index === 0 ? line : `  ${line}`)).join("\n"),
    [...notes, ...bad.map(stepText), ...refusals(run), verdict(run)].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** All that is known of a run: which playbook ran, which did not, and why. */
export function runDetails(run: Run, options: { readonly colour: boolean }): string {
  const lines = [
    `${printableLine(run.title)}, on ${run.cluster}, ${timeWords(run.startedAt) ?? ""}`,
    ...run.steps.map((step) => `  ${stepText(step)}`),
    ...run.others.map(({ playbook, reason }) => `  ${printableLine(`${playbook} did not run: ${reason}`)}`),
    ...(run.sinks ?? []).map((told) => `  ${sinkText(told)}`),
  ];
  return [lines.join("\n"), runText({ ...run, steps: [], others: [] }, options)].join("\n\n");
}

export function listText(runs: readonly ListedRun[]): string {
  const rows = runs.map(({ run, startedAt, state, playbook, title }) => [
    run,
    timeWords(startedAt) ?? "",
    state,
    playbook,
    printableLine(title),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

const stepText = ({ action, state, reason, milliseconds }: Run["steps"][number]): string =>
  printableLine(`${action} ${state}${reason === undefined ? `, ${milliseconds} ms` : `: ${reason}`}`);

const sinkText = ({ sink, outcome, reason }: NonNullable<Run["sinks"]>[number]): string =>
  printableLine(`sink ${sink}: ${outcome}${reason === undefined ? "" : `, ${reason}`}`);

/** What is not matched says why itself; of what ran it is of no interest which others did not. */
const refusals = ({ state, others }: Run): string[] =>
  state === "not matched" ? others.map(({ playbook, reason }) => printableLine(`${playbook}: ${reason}`)) : [];

function verdict(run: Run): string {
  const dry = run.dryRun ? " (dry run)" : "";
  if (isUnderWay(run)) return `${run.run}: ${run.state} still; ask with \`cortado runs ${run.run}\``;
  return `${run.run}: ${run.state}${dry}, ${run.milliseconds < 1_000 ? `${run.milliseconds}ms` : durationWords(run.milliseconds)}`;
}
