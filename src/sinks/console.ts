/** The console sink: findings as a terminal's reader wants them. */
import * as z from "zod";
import type { Finding } from "../findings/finding.ts";
import { blockLines, enrichmentLines } from "./plain-text.ts";
import { printable } from "./printable.ts";
import type { Sink, SinkContext } from "./sink.ts";
import { sinkParamsShape } from "./sink-params.ts";
import { durationWords, firedFor, placeWords, statusWord, timeWords } from "./wording.ts";
import { writeText } from "./write-text.ts";

export const consoleParams = z.strictObject(sinkParamsShape);

/** What a reader sees of a long file, its end, and of another long block, its beginning. */
const shortened = { fileLines: 20, blockLines: 50 };

/** Prints on a stream; in colour where the stream is a terminal. */
export function createConsoleSink(params: { readonly name: string }, stream: NodeJS.WritableStream): Sink {
  return {
    name: params.name,
    type: "console_sink",
    async post(finding, context) {
      const colour = "isTTY" in stream && stream.isTTY === true;
      await writeText(stream, `${renderFinding(finding, { colour, possiblyRepeated: context.possiblyRepeated })}\n`);
      return {};
    },
  };
}

interface RenderOptions extends Partial<Pick<SinkContext, "possiblyRepeated">> {
  readonly colour: boolean;
}

/** A finding as text, without a last line break. */
export function renderFinding(finding: Finding, { colour, possiblyRepeated = false }: RenderOptions): string {
  const style = (code: string, text: string) => (colour && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text);
  const severity = style(severityStyles[finding.severity], finding.severity);
  const status = statusWord(finding);
  const statusText = status === undefined ? [] : [style(finding.status === "resolved" ? "32" : "31", status)];
  const head = [...statusText, severity, style("1", printable(finding.title))].join("  ");
  const sections = [
    [...(possiblyRepeated ? ["Possibly repeated: nobody knows whether this was shown before."] : [])],
    [style("2", printable(placeWords(finding).join(", "))), style("2", times(finding))],
    finding.description ? blockLines({ type: "markdown", text: finding.description }, shortened) : [],
    finding.notes.map((note) => `Note: ${printable(note)}`),
    ...finding.enrichments.map((enrichment) => {
      const [first = "", ...rest] = enrichmentLines(enrichment, shortened);
      return enrichment.title ? [style("1", printable(first)), ...rest.map(indent)] : [first, ...rest];
    }),
    finding.links.map(({ name, url }) => printable(`${name}: ${url}`)),
  ];
  const body = sections.map((section) => section.filter((line) => line !== "")).filter(({ length }) => length > 0);
  return [head, ...body.map((section, index) => `${index === 0 ? "" : "\n"}${section.map(indent).join("\n")}`)].join(
    "\n",
  );
}

const severityStyles = { HIGH: "31", MEDIUM: "33", LOW: "33", INFO: "36", DEBUG: "2" } as const;

const indent = (line: string) => `  ${line.replaceAll("\n", "\n  ")}`;

function times(finding: Finding): string {
  const fired = firedFor(finding);
  if (fired !== undefined) return `fired for ${durationWords(fired)}`;
  const since = finding.startsAt === undefined ? undefined : timeWords(finding.startsAt);
  return since === undefined || finding.source !== "prometheus" ? "" : `since ${since}`;
}
