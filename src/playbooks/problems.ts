/** Problems as they are shown. */
import type { Problem } from "../errors.ts";
import type { Scrubber } from "../tools/scrub.ts";

/** By line and column, as a reader of the file meets them, without the values of references. */
export function presentable(problems: readonly Problem[], scrubber: Scrubber): Problem[] {
  const position = ({ at: place }: Problem) => {
    const [, line = "0", column = "0"] = /:(\d+):(\d+)$/.exec(place) ?? [];
    return Number(line) * 10_000 + Number(column);
  };
  const sorted = [...problems].sort((a, b) => position(a) - position(b));
  // What is merged or aliased in several places is wrong once.
  const distinct = sorted.filter(
    (problem, index) =>
      !sorted.slice(0, index).some(({ at, message }) => at === problem.at && message === problem.message),
  );
  return distinct.map(({ at: place, message }) => ({ at: place, message: scrubber.scrub(message) }));
}
