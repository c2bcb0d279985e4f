/** Pushed repositories as text for a terminal. */
import type { PushedRepository, PushedVersion } from "../state/state.ts";
import type { Live, PushedAction, Target } from "./playbooks-target.ts";

export const kilobytes = (bytes: number) =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** What is live after something was moved. */
export function liveText({ repository, generation }: Live, { name: where }: Pick<Target, "name">): string {
  const { name, live, revision } = repository;
  const what = live === undefined ? "deleted     " : "live        ";
  const of = live === undefined ? name : `${name} ${versionText(live)}`;
  const serves =
    generation === undefined
      ? `servers that look into ${where} take it over within a second`
      : `${where} serves generation ${generation}`;
  return `${what} ${of}, revision ${revision}; ${serves}`;
}

/** `0.1.0 (3f2a91c0)` */
const versionText = ({ packageVersion, sha256 }: PushedVersion) =>
  [packageVersion, `(${sha256.slice(0, 8)})`].filter(Boolean).join(" ");

const rowOf = (version: PushedVersion) => [
  versionText(version),
  kilobytes(version.bytes),
  new Date(version.pushedAt).toISOString().slice(0, 19).replace("T", " "),
  version.by,
];

export function listText(repositories: readonly PushedRepository[]): string {
  if (repositories.length === 0) return "Nothing is pushed.";
  return columns(repositories.map(({ name, live }) => [name, ...(live === undefined ? ["deleted"] : rowOf(live))]));
}

/** The versions, newest first; `*` is live. */
export function historyText({ live, history }: PushedRepository): string {
  const rows = history.map((version) => ["", ...rowOf(version)]);
  return columns(live === undefined ? rows : [["*", ...rowOf(live)], ...rows]);
}

export const actionText = ({ name, description }: PushedAction) => `   ${name}: ${description}`;

function columns(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
