/** Durations as users write them: `30m`, `4h`, `1h30m`. */
import * as z from "zod";

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** In seconds; undefined for `never`. */
function secondsOf(text: string): number | undefined {
  if (text === "never") return undefined;
  const parts = [...text.matchAll(/([\d.]+)([smhd])/g)];
  return parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (units[unit] ?? 0), 0);
}

const least = 60;
const most = 365 * 86_400;

/** After how long something is done again: a duration from 1m to 365d, or `never`. */
export const repeatSchema = z
  .string()
  .regex(/^(?:never|(?:\d+(?:\.\d+)?[smhd])+)$/, {
    error: "Give a duration as in 30m, 4h or 1h30m, or `never`",
    abort: true,
  })
  .refine(
    (text) => {
      const seconds = secondsOf(text);
      return seconds === undefined || (seconds >= least && seconds <= most);
    },
    { error: "Give at least 1m and at most 365d, or `never`" },
  );

/** What the schema has let through, in seconds; undefined for `never`, and where nothing is given. */
export const repeatSeconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : secondsOf(text);
