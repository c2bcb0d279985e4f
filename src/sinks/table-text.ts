/** Tables as lines of plain text, in a font whose characters are all as wide. */
import type { CellFormat, EventsBlock, TableBlock } from "../findings/blocks.ts";
import { printableLine } from "./printable.ts";
import { timeWords } from "./wording.ts";

export type TableText = Pick<TableBlock, "headers" | "rows" | "layout" | "formats" | "widths">;

const gap = "  ";

/**
 * A table with its columns aligned; a line break within a cell becomes a space. Where it is wider than `maxWidth`, its cells are wrapped
 * between words; what still does not fit then is wider.
 */
export function tableLines(table: TableText, maxWidth = Number.POSITIVE_INFINITY): string[] {
  const { headers, widths: shares } = table;
  const body = cellTexts(table).map((row) => row.map(printableLine));
  const head = headers.map(printableLine);
  if (table.layout === "vertical") return verticalLines(head, body);
  const widths = columnWidths([head, ...body], maxWidth, shares);
  const rule = widths.map((wide) => "-".repeat(wide)).join(gap);
  return [
    ...(head.length === 0 ? [] : [...rowLines(head, widths), rule]),
    ...body.flatMap((row) => rowLines(row, widths)),
  ];
}

/** The cells as they are shown. */
export function cellTexts({ headers, rows, formats = {} }: TableText): readonly (readonly string[])[] {
  const byColumn = headers.map((header) => (Object.hasOwn(formats, header) ? formats[header] : undefined));
  return rows.map((row) => row.map((cell, column) => cellText(cell, byColumn[column])));
}

function cellText(cell: string, format: CellFormat | undefined): string {
  if (format === undefined || cell.trim() === "") return cell;
  const milliseconds = Number(cell);
  return timeWords(Number.isNaN(milliseconds) ? Date.parse(cell) : milliseconds) ?? cell;
}

/** A line for each cell, an empty one between rows. */
const verticalLines = (headers: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  rows.flatMap((row, index) => [
    ...(index === 0 ? [] : [""]),
    ...row.map((cell, column) => `${headers[column] ? `${headers[column]}: ` : ""}${cell}`),
  ]);

export const eventsTable = ({ events }: EventsBlock): TableText => ({
  headers: ["last seen", "type", "reason", "count", "message"],
  formats: { "last seen": "datetime" },
  rows: events.map(({ lastSeen, type, reason, count, message }) => [lastSeen, type, reason, String(count), message]),
});

function columnWidths(
  rows: readonly (readonly string[])[],
  maxWidth: number,
  shares: readonly number[] | undefined,
): readonly number[] {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widest = (measure: (cell: string) => number) =>
    Array.from({ length: columns }, (_, column) =>
      rows.reduce((most, row) => Math.max(most, measure(row[column] ?? "")), 0),
    );
  const natural = widest(widthOf);
  const room = maxWidth - gap.length * (columns - 1);
  if (sum(natural) <= room) return natural;
  const least = widest(longestWord);
  const limits = shares === undefined ? evenly(natural, least, room) : byShares(shares, columns, room);
  return natural.map((wide, column) => Math.max(least[column] ?? 0, Math.min(wide, limits[column] ?? 0)));
}

/** The widest columns give way first, down to one common width. */
function evenly(natural: readonly number[], least: readonly number[], room: number): readonly number[] {
  const total = (limit: number) =>
    sum(natural.map((wide, column) => Math.max(least[column] ?? 0, Math.min(wide, limit))));
  let limit = room;
  while (limit > 1 && total(limit) > room) limit -= 1;
  return natural.map(() => limit);
}

function byShares(shares: readonly number[], columns: number, room: number): readonly number[] {
  const all = Array.from({ length: columns }, (_, column) => Math.max(0, shares[column] ?? 1));
  return all.map((share) => Math.floor((room * share) / (sum(all) || 1)));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function rowLines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = widths.map((wide, column) => wrapped(row[column] ?? "", wide));
  const height = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((wide, column) => padded(cells[column]?.[line] ?? "", wide))
      .join(gap)
      .trimEnd(),
  );
}

const padded = (text: string, wide: number): string => text + " ".repeat(Math.max(0, wide - widthOf(text)));

/** A cell's lines, broken between words. */
function wrapped(cell: string, wide: number): string[] {
  if (widthOf(cell) <= wide) return [cell];
  const found: string[] = [];
  for (const word of cell.split(" ")) {
    const last = found.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= wide) found.splice(-1, 1, `${last} ${word}`);
    else found.push(word);
  }
  return found;
}

const longestWord = (cell: string): number =>
  cell.split(" ").reduce((longest, word) => Math.max(longest, widthOf(word)), 0);

const widthOf = (text: string): number => [...text].length;
