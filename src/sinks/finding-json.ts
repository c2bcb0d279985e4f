/** The JSON form of a finding, for those who read it outside of Cortado. */
import type { Finding } from "../findings/finding.ts";
import type { SinkContext } from "./sink.ts";

/** Grows by one when a reader of the form before could misread it; new fields alone do not change it. */
export const findingJsonVersion = 1;

export interface FindingJson extends Finding {
  readonly version: typeof findingJsonVersion;
  /** Names the message, the same in every attempt. */
  readonly messageId: string;
  /** Only where an earlier attempt may have delivered it already. */
  readonly possiblyRepeated?: true;
  /** Only where enrichments were left out, to keep within a limit of size: how many, always the last ones. */
  readonly enrichmentsLeftOut?: number;
}

/** A finding as plain JSON: the finding's own fields, times in milliseconds since the epoch, and what the message is called. */
export const toFindingJson = (
  finding: Finding,
  context: Pick<SinkContext, "messageId" | "possiblyRepeated">,
): FindingJson => ({
  version: findingJsonVersion,
  messageId: context.messageId,
  ...(context.possiblyRepeated ? { possiblyRepeated: true } : {}),
  ...finding,
});
