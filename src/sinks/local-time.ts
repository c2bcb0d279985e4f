/** What clocks and calendars on the wall show, in a time zone of the IANA database. */

export interface LocalTime {
  /** `MON` to `SUN`. */
  readonly day: Day;
  /** Since the day began by the clock on the wall, 0 to 1,439. */
  readonly minute: number;
  /** `2026-08-01 10:41`: sorts as time goes, but for the hour that a change to winter time repeats. */
  readonly text: string;
}

export const days = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;
export type Day = (typeof days)[number];

export const dayBefore = (day: Day): Day => days[(days.indexOf(day) + 6) % 7] ?? day;

/** At a time in milliseconds since the epoch. Throws a RangeError where there is no such time zone. */
export function localTime(timezone: string, at: number): LocalTime {
  const parts = Object.fromEntries(
    formatFor(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const { weekday = "", year = "", month, day, hour, minute } = parts;
  return {
    day: days.find((name) => name === weekday.toUpperCase()) ?? "MON",
    minute: Number(hour) * 60 + Number(minute),
    text: `${year.padStart(4, "0")}-${month}-${day} ${hour}:${minute}`,
  };
}

export function isTimezone(timezone: string): boolean {
  try {
    formatFor(timezone);
    return true;
  } catch {
    return false;
  }
}

/** Of every zone that was met: they are costly to make, and come from the configuration, so they are few. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}
