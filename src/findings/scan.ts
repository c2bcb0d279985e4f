/** The report of a scanner that has looked at a cluster: Popeye, KRR and the like. */

export interface ScanBlock {
  readonly type: "scan";
  readonly title: string;
  /** As in `popeye`, `krr`. */
  readonly scanner: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** From 0 to 100, the best; left out by scanners that give none. */
  readonly score?: number;
  /** How the scanner was configured. */
  readonly config?: string;
  readonly rows: readonly ScanRow[];
}

/** What was found of one object. */
export interface ScanRow {
  readonly severity: ScanSeverity;
  /** The part of the report that it belongs to: `pods`, `cpu`. */
  readonly scope?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly container?: string;
  /** Sentences, or what is recommended: `cpu request 100m, better 25m`. */
  readonly found: readonly string[];
}

/** The worst first. */
export const scanSeverities = ["critical", "warning", "info", "ok"] as const;
export type ScanSeverity = (typeof scanSeverities)[number];

/** The report of a scan; the worst rows stand first. */
export const scan = ({ rows, ...report }: Omit<ScanBlock, "type">): ScanBlock => ({
  type: "scan",
  ...report,
  rows: rows.toSorted((a, b) => scanSeverities.indexOf(a.severity) - scanSeverities.indexOf(b.severity)),
});

const grades = [
  [90, "A"],
  [80, "B"],
  [70, "C"],
  [60, "D"],
  [50, "E"],
] as const;

/** `A` from 90 points on, then a letter less for every ten, down to `F`. */
export const gradeOf = (score: number): string => grades.find(([least]) => score >= least)?.[1] ?? "F";
