/** Words for messages about names that are not known. */
import { closest, distance } from "fastest-levenshtein";

export const quoted = (text: string) => `\`${text}\``;

/** The end of a sentence: `; did you mean …?` where one of the known words is near enough, else a full stop. */
export function didYouMean(word: string, known: readonly string[]): string {
  const candidates = known.filter((candidate) => candidate !== word);
  if (candidates.length === 0) return ".";
  const same = candidates.find((candidate) => plain(candidate) === plain(word));
  const nearest = same ?? closest(word, candidates);
  const near =
    same !== undefined || distance(word, nearest) <= Math.max(1, Math.floor(Math.min(word.length, nearest.length) / 3));
  return near ? `; did you mean ${quoted(nearest)}?` : ".";
}

const plain = (word: string) => word.replaceAll(/[_\-\s]/g, "").toLowerCase();
