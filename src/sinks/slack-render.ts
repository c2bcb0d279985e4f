/** A finding as a Slack message that fits, whatever it holds: what does not is in a file. */
import type { Enrichment, Finding } from "../findings/finding.ts";
import { headOfBytes } from "./fit-text.ts";
import { enrichmentLines } from "./plain-text.ts";
import { toPieces, wholeBlocks } from "./slack-blocks.ts";
import type { MakeButton } from "./slack-buttons.ts";
import { maxBlocks, maxFallback, maxFiles, maxHeader, maxText, maxTotal } from "./slack-limits.ts";
import {
  context,
  headerBlock,
  type SlackBlock,
  type SlackFile,
  type SlackGraph,
  type SlackMessage,
  section,
} from "./slack-message.ts";
import type { Piece } from "./slack-pieces.ts";
import { escapeText, fitMarkdown, oneLine, safeMarkdown, slackLink, slackTime } from "./slack-text.ts";
import { durationWords, firedFor, placeWords, statusWord } from "./wording.ts";

export interface RenderOptions {
  /** Of text files, in bytes. */
  readonly maxFileBytes: number;
  readonly possiblyRepeated?: boolean;
  /** Absent: choices are shown as commands. */
  readonly button?: MakeButton | undefined;
}

/** What stays of a message when its status changes. */
export interface SlackBody {
  readonly blocks: readonly SlackBlock[];
  readonly files: readonly SlackFile[];
  readonly graphs: readonly SlackGraph[];
}

/** What an update needs to know of a message that was posted. */
export interface SlackHead {
  readonly title: string;
  readonly severity: Finding["severity"];
}

/** What changes of a message. */
export type SlackStatus = Pick<Finding, "status" | "source" | "startsAt" | "endsAt">;

/** Room that the head takes: the title and the line of status, each at its longest, and what joins them. */
const headBlocks = 2;
const headLength = 1_500;
/** Room for what is said when the message is made: what was cut, what could not be attached, which channel was meant. */
const noteBlocks = 3;
const noteLength = 1_500;
const detailsName = "details.txt";

/** The whole message, from its head and its body. */
export function toMessage(head: SlackHead, finding: SlackStatus, blocks: readonly SlackBlock[]): SlackMessage {
  const resolved = finding.status === "resolved";
  const title = oneLine(resolved ? `Resolved: ${head.title}` : head.title, maxHeader) || "(no title)";
  const fallback = escapeText(
    oneLine([statusWord(finding), head.severity, head.title].filter(Boolean).join(" "), maxFallback),
  );
  const color = resolved ? resolvedColor : colors[head.severity];
  const status = context(statusLine(head, finding));
  return {
    text: fallback,
    blocks: [headerBlock(title)],
    attachments: [{ color, fallback, blocks: [status, ...blocks] }],
  };
}

const colors = { HIGH: "#c62828", MEDIUM: "#ef6c00", LOW: "#f9a825", INFO: "#1565c0", DEBUG: "#757575" } as const;
const resolvedColor = "#2e7d32";

function statusLine({ severity }: SlackHead, finding: SlackStatus): string {
  const status = statusWord(finding);
  const parts = [status === undefined ? undefined : `*${status}*`, severity, when(finding)];
  return parts.filter((part) => part !== undefined).join("  ·  ");
}

function when(finding: SlackStatus): string | undefined {
  const { status, startsAt, endsAt } = finding;
  if (status === "firing") return startsAt === undefined ? undefined : `since ${slackTime(startsAt)}`;
  const fired = firedFor(finding);
  if (endsAt === undefined || fired === undefined) return endsAt === undefined ? undefined : `at ${slackTime(endsAt)}`;
  return `fired for ${durationWords(fired)}, until ${slackTime(endsAt)}`;
}

/** What a finding says, without its status: that changes, this stays. */
export function renderBody(finding: Finding, options: RenderOptions): SlackBody {
  const page = new Page(maxBlocks - headBlocks - noteBlocks, maxTotal - headLength - noteLength);
  if (options.possiblyRepeated) page.add(quiet("Possibly repeated: nobody knows whether this was posted before."));
  page.add({ ...quiet(escapeText(placeWords(finding).join("  ·  "))), whole: () => placeWords(finding) });
  const { description = "" } = finding;
  page.add({ text: safeMarkdown(description), whole: () => enrichmentLines(asMarkdown(description), wholeBlocks) });
  if (finding.notes.length > 0) {
    page.add({
      text: finding.notes.map((note) => `_Note:_ ${escapeText(note)}`).join("\n"),
      whole: () => finding.notes,
    });
  }
  if (finding.links.length > 0) {
    const whole = () => finding.links.map(({ name, url }) => `${name}: ${url}`);
    page.add({ ...quiet(finding.links.map(({ name, url }) => slackLink(name, url)).join("  ·  ")), whole });
  }
  return addEnrichments(page, finding.enrichments, options);
}

/** Enrichments alone, for a reply in the thread. */
export const renderReply = (enrichments: readonly Enrichment[], options: RenderOptions): SlackBody =>
  addEnrichments(new Page(maxBlocks - noteBlocks, maxTotal - noteLength), enrichments, options);

function addEnrichments(page: Page, enrichments: readonly Enrichment[], options: RenderOptions): SlackBody {
  for (const { title = "", blocks } of enrichments) {
    const heading: PagePiece = { text: headingOf(title), whole: () => [title] };
    let waits = heading.text !== "";
    for (const piece of blocks.flatMap((block) => toPieces(block, options))) {
      if (waits && piece.text) {
        page.add({
          ...piece,
          text: `${heading.text}\n${piece.text}`,
          whole: () => [title, ...(piece.whole?.() ?? [])],
        });
        waits = false;
        continue;
      }
      // Buttons stand beneath what they are about; a line or a header above it.
      if (waits && piece.block?.type === "actions") {
        page.add(heading);
        waits = false;
      }
      page.add(piece);
    }
    if (waits) page.add(heading);
  }
  return page.end(options);
}

const headingOf = (title: string): string =>
  title.trim() === "" ? "" : `*${escapeText(oneLine(title, maxHeader)).replaceAll("*", "∗")}*`;

const asMarkdown = (text: string): Enrichment => ({ blocks: [{ type: "markdown", text }] });

interface PagePiece extends Piece {
  readonly quiet?: boolean;
}

const quiet = (text: string): PagePiece => ({ text, quiet: true });

/** The shortest beginning of a text that is worth showing where the whole has no room. */
const leastText = 200;

/** Takes pieces until it is full. What has no room is kept, as plain text, for a file. */
class Page {
  readonly #blocks: SlackBlock[] = [];
  readonly #files: SlackFile[] = [];
  readonly #graphs: SlackGraph[] = [];
  readonly #spilled: string[] = [];
  #blocksLeft: number;
  #lengthLeft: number;
  #full = false;

  constructor(blocks: number, length: number) {
    this.#blocksLeft = blocks;
    this.#lengthLeft = length;
  }

  add({ text = "", whole, block, file, caption = "", quiet }: PagePiece): void {
    const attached = file === undefined || this.#attach(file);
    if (block !== undefined && !this.#push(block)) this.#spill(whole);
    if (text.trim() === "") return;
    const shown = this.#show(attached ? text + caption : text, quiet ? context : section);
    // What is in a file of its own is not lost where its mention is cut.
    const lost = file === undefined ? shown !== "whole" : !attached;
    if (lost) this.#spill(whole);
  }

  #spill(whole: Piece["whole"]): void {
    if (whole !== undefined) this.#spilled.push(...whole(), "");
  }

  #attach(file: SlackFile | SlackGraph): boolean {
    // One place is for what is spilled.
    if (this.#files.length + this.#graphs.length >= maxFiles - 1) return false;
    if ("graph" in file) this.#graphs.push(file);
    else this.#files.push(file);
    return true;
  }

  #show(text: string, make: (text: string) => SlackBlock): "whole" | "cut" | "nothing" {
    for (let length = maxText; length >= leastText; length = Math.floor(length * 0.75)) {
      const fitting = fitMarkdown(text, length);
      if (this.#push(make(fitting))) return fitting.length >= text.length ? "whole" : "cut";
      if (text.length < length) length = text.length;
    }
    this.#full = true;
    return "nothing";
  }

  #push(block: SlackBlock): boolean {
    const size = JSON.stringify(block).length + 1;
    // Each button leaves a line behind when it is pressed.
    const room = block.type === "actions" ? block.elements.length + 1 : 1;
    if (this.#full || this.#blocksLeft < room || size > this.#lengthLeft) return false;
    this.#blocks.push(block);
    this.#blocksLeft -= room;
    this.#lengthLeft -= size;
    return true;
  }

  end({ maxFileBytes }: RenderOptions): SlackBody {
    const graphs = this.#graphs;
    if (this.#spilled.length === 0) return { blocks: this.#blocks, files: this.#files, graphs };
    const bytes = Buffer.from(headOfBytes(this.#spilled.join("\n"), maxFileBytes, "\n… and more, which was cut"));
    const note = context(`_There is more than fits here:_ \`${detailsName}\` _in the thread has the rest._`);
    return { blocks: [...this.#blocks, note], files: [...this.#files, { name: detailsName, bytes }], graphs };
  }
}
