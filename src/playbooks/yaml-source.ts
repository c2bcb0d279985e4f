/** YAML with positions: plain data, and where each part of it stands. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import type { Problem } from "../errors.ts";

export type Path = readonly PropertyKey[];

export interface YamlSource {
  /** As it is named in problems. */
  readonly file: string;
  /** Plain data: aliases and merge keys are done. */
  readonly value: unknown;
  /** `cortado.yaml:12:5`: the value at the path, or the last key on the way to it that exists. */
  locate(path: Path, part?: "key" | "value"): string;
}

/** Reads one YAML document. A source comes out even where there are problems, as far as it could be read. */
export function readYaml(text: string, file: string): { readonly source: YamlSource; readonly problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  // What follows the first syntax error is mostly its echo.
  const problems = document.errors.slice(0, 1).map((error) => ({
    at: at(error.pos[0]),
    message: explain(error, lineOf(text, error.pos[0])),
  }));
  if (problems.length === 0) problems.push(...strangeNodes(document, at));
  const value = problems.length === 0 ? toData(document, problems, at) : undefined;
  return { source: { file, value, locate: (path, part) => at(offsetOf(document, path, part ?? "value")) }, problems };
}

const sentences: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "This key stands twice in the same place; keep one of them.",
  TAB_AS_INDENT: "YAML is not indented with tabs; use spaces.",
  MULTIPLE_DOCS: "The file holds more than one document; remove the line ---.",
  BLOCK_AS_IMPLICIT_KEY: 'A value that holds ": " goes in quotes.',
};

function explain(error: YAMLError, line: string): string {
  if (/[:-]\s+\{\{/.test(line)) return quoteReference;
  return (
    sentences[error.code] ?? `This is not YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}.`
  );
}

const quoteReference = 'A value that begins with {{ goes in quotes, as in "{{ env.NAME }}".';

function lineOf(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", Math.max(0, offset - 1)) + 1;
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? undefined : end);
}

/** What YAML allows and a configuration cannot mean: keys that are lists or maps (as `{{ x }}` without quotes is), unknown tags. */
function strangeNodes(document: Document, at: (offset: number) => string): Problem[] {
  const problems: Problem[] = document.warnings.map((warning) => ({
    at: at(warning.pos[0]),
    message: `The YAML is not understood: ${warning.message}.`,
  }));
  visit(document, {
    Pair(_, { key }) {
      if (!(isMap(key) || isSeq(key))) return undefined;
      const message = isMap(key) && key.flow ? quoteReference : "A key is a word, not a list or a map.";
      problems.push({ at: at(key.range?.[0] ?? 0), message });
      return visit.SKIP;
    },
    Alias(_, alias) {
      if (!alias.resolve(document)) {
        problems.push({ at: at(alias.range?.[0] ?? 0), message: `No anchor &${alias.source} stands before this.` });
      }
    },
  });
  return problems;
}

function toData(document: Document, problems: Problem[], at: (offset: number) => string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    problems.push({
      at: at(0),
      message: `The YAML cannot be used: ${error instanceof Error ? error.message : error}.`,
    });
    return undefined;
  }
}

/** Walks down as far as the path exists. */
function offsetOf(document: Document, path: Path, part: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, segment] of path.entries()) {
    const step = enter(document, node, segment);
    if (!step) return offset;
    const last = index === path.length - 1;
    offset = (last && part === "value" ? startOf(step.value) : undefined) ?? step.start ?? offset;
    node = step.value;
  }
  return offset;
}

function enter(document: Document, node: unknown, segment: PropertyKey) {
  const inner = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(inner)) {
    const item = inner.items[Number(segment)];
    return item === undefined ? undefined : { value: item, start: startOf(item) };
  }
  if (!isMap(inner)) return undefined;
  const pair =
    inner.items.find((candidate) => keyOf(candidate) === String(segment)) ?? merged(document, inner.items, segment);
  return pair && { value: pair.value, start: startOf(pair.key) };
}

/** A key that a merge key (`<<: *defaults`) brought in. */
function merged(document: Document, items: readonly Pair[], segment: PropertyKey): Pair | undefined {
  const follow = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  return items
    .filter(({ key }) => isScalar(key) && (key.value === "<<" || key.source === "<<"))
    .map(({ value }) => follow(value))
    .flatMap((target) => (isSeq(target) ? target.items.map(follow) : [target]))
    .flatMap((map) => (isMap(map) ? map.items : []))
    .find((pair) => keyOf(pair) === String(segment));
}

const keyOf = (pair: unknown) => (isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : undefined);

function startOf(node: unknown): number | undefined {
  return isNode(node) && node.range ? node.range[0] : undefined;
}
