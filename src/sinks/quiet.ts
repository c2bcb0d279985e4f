/**
 * When a sink is told nothing new: outside its hours of activity, and while it is muted. Times are those of the clock on the wall of a
 * time zone, so an hour that summer time leaves out does not come, and one that it repeats comes twice.
 */
import * as z from "zod";
import { type Day, dayBefore, isTimezone, localTime } from "./local-time.ts";

const timezone = z
  .string()
  .refine(isTimezone, { error: "This is no time zone; they are named as in `Europe/Berlin` or `UTC`." })
  .default("UTC");

const timeOfDay = z.string().regex(/^(?:\d|[01]\d|2[0-3]):[0-5]\d$/, { error: "A time is given as in `09:30`." });
const endOfDay = "24:00";
const end = z
  .string()
  .regex(/^(?:(?:\d|[01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: "A time is given as in `18:00`, at most `24:00`." });

const hours = z
  .strictObject({ start: timeOfDay, end })
  .refine((range) => minutesOf(range.start) !== minutesOf(range.end), {
    error: "It ends when it begins; leave `hours` out for the whole day.",
  })
  .describe(
    "From `start` until `end`. Where `end` is earlier, it is that of the next day. `23:59` is the end of the day.",
  );

export const activitySchema = z.strictObject({
  timezone,
  intervals: z
    .array(
      z.strictObject({
        days: z
          .array(
            z.string().regex(/^(?:MON|TUE|WED|THU|THR|FRI|SAT|SUN)$/i, {
              error: "Days are MON, TUE, WED, THU (or THR), FRI, SAT and SUN.",
            }),
          )
          .min(1, { error: "Give at least one day." })
          .describe("On which it begins."),
        hours: z
          .array(hours)
          .min(1, { error: "Give at least one range, or leave `hours` out for the whole day." })
          .optional(),
      }),
    )
    .min(1, { error: "Give at least one interval, or leave `activity` out." }),
});

const date = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d [0-2]\d:[0-5]\d$/, { error: "A date is given as in `2026-12-24 18:00`.", abort: true })
  .refine(isDate, { error: "There is no such date." });

const muteInterval = z
  .strictObject({ start_date: date, end_date: date, timezone })
  .refine(({ start_date, end_date }) => start_date < end_date, { error: "`end_date` is not after `start_date`." });

export const muteIntervalsSchema = z.array(muteInterval);

interface QuietParams {
  readonly activity?: z.output<typeof activitySchema> | undefined;
  readonly mute_intervals?: z.output<typeof muteIntervalsSchema> | undefined;
}

/** Why nothing new is told at that time, in milliseconds since the epoch; undefined where it is. */
export function quietReason({ activity, mute_intervals = [] }: QuietParams, at: number): string | undefined {
  for (const { start_date, end_date, timezone } of mute_intervals) {
    const { text } = localTime(timezone, at);
    if (start_date <= text && text < end_date) return `muted until ${end_date} (${timezone})`;
  }
  if (activity === undefined) return;
  const { day, minute, text } = localTime(activity.timezone, at);
  if (activity.intervals.some((interval) => isActive(interval, day, minute))) return;
  return `outside its hours of activity: it is ${day} ${text.slice(-5)} (${activity.timezone})`;
}

type Interval = z.output<typeof activitySchema>["intervals"][number];

function isActive({ days: names, hours = [{ start: "0:00", end: endOfDay }] }: Interval, day: Day, minute: number) {
  const begins = (on: Day) => names.some((name) => dayNamed(name) === on);
  return hours.some((range) => {
    const from = minutesOf(range.start);
    const until = range.end === "23:59" ? minutesOf(endOfDay) : minutesOf(range.end);
    if (from < until) return begins(day) && from <= minute && minute < until;
    return (begins(day) && from <= minute) || (begins(dayBefore(day)) && minute < until);
  });
}

/** The model writes Thursday in a way of its own. */
const dayNamed = (name: string): string => (name.toUpperCase() === "THR" ? "THU" : name.toUpperCase());

function minutesOf(time: string): number {
  const [hour, minute] = time.split(":").map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

/** `Date` takes the 30th of February for a day in March. */
function isDate(text: string): boolean {
  const parsed = new Date(`${text.replace(" ", "T")}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 16).replace("T", " ") === text;
}
