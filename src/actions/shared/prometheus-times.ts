/** Times and durations in params, as the model writes them. */
import * as z from "zod";

const date = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(UTC|GMT|Z|[+-]\d\d:?\d\d)?$/;

/** `2026-11-22 09:40:59 UTC`, or as RFC 3339 has it; in milliseconds since the epoch. Without a time zone it is UTC. */
export const timeParam = z.string().transform((text, context): number => {
  const [, day, time, zone = "Z"] = date.exec(text) ?? [];
  const at = Date.parse(`${day}T${time}${/^[A-Z]/.test(zone) ? "Z" : zone}`);
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: "custom", message: "Give a time as in 2026-11-22 09:40:59 UTC", input: text });
  return z.NEVER;
});

const units = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 } as const;
const part = /(\d+)(ms|[smhdwy])/g;
const isUnit = (text: string): text is keyof typeof units => Object.hasOwn(units, text);

/**
 * `1h30m`, or a number of seconds as in `170.3`; in seconds.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations
 */
export const stepParam = z.union([z.string(), z.number()]).transform((given, context): number => {
  const text = String(given);
  const parts = [...text.matchAll(part)];
  const seconds =
    parts.length > 0 && parts.map(([found]) => found).join("") === text
      ? parts.reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (isUnit(unit) ? units[unit] : 0), 0)
      : Number(text);
  if (text !== "" && seconds > 0 && Number.isFinite(seconds)) return seconds;
  context.addIssue({ code: "custom", message: "Give a duration as in 30s or 5m, or seconds", input: given });
  return z.NEVER;
});
