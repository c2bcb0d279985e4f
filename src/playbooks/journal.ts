import type { Block } from "../findings/blocks.ts";
import { withCoarseGraphs } from "../findings/graph.ts";
import type { Contribution } from "../findings/report.ts";

/** What a step may say in the journal: 32 KB of JSON, so that a record fits a DynamoDB item with many steps. */
const maximumBytes = 32 * 1024;

/** The contributions as they are kept to be said again: what is over the limit has coarser graphs, or is left out, and the text says so. */
export function forJournal(contributions: readonly Contribution[]): readonly Contribution[] {
  const kept: Contribution[] = [];
  let left = maximumBytes;
  for (const contribution of contributions) {
    const fitting = [contribution, coarser(contribution)].find((one) => sizeOf(one) <= left);
    kept.push(fitting ?? shortened(contribution));
    left -= Math.min(sizeOf(fitting ?? contribution), left);
  }
  return kept;
}

const sizeOf = (contribution: Contribution): number => Buffer.byteLength(JSON.stringify(contribution));

const coarser = (contribution: Contribution): Contribution =>
  contribution.do === "enrich" ? { ...contribution, blocks: withCoarseGraphs(contribution.blocks) } : contribution;

function shortened(contribution: Contribution): Contribution {
  if (contribution.do !== "enrich") return contribution;
  const names = contribution.blocks.map(nameOf).join(", ");
  return {
    do: "enrich",
    blocks: [{ type: "markdown", text: `_Left out, as this run was interrupted and resumed: ${names}_` }],
  };
}

function nameOf(block: Block): string {
  if (block.type === "graph") return `the graph ${block.title}`;
  return block.type === "file" ? `the file ${block.filename}` : `a block of type ${block.type}`;
}
