import { BadRequestError } from "../errors.ts";

const timestamp = /^(\d{4}-\d{2}-(\d{2})T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:?\d{2})$/i;

/**
 * The moment that a timestamp of Kubernetes names (`2026-08-01T12:00:00Z`, `2026-08-01T12:00:00.123456Z`). Fractions of any length and
 * offsets from UTC are taken; what is finer than a millisecond is cut off. Throws a BadRequestError for any other text.
 */
export function parseKubernetesDatetime(text: string): Date {
  const [, seconds = "", day = "", fraction = "", zone = ""] = timestamp.exec(text) ?? [];
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const date = new Date(`${seconds.toUpperCase()}.${milliseconds}${offset}`);
  // A day that its month does not have is moved into the next month by Date.
  const moved = new Date(`${seconds.slice(0, 10)}T00:00:00Z`).getUTCDate() !== Number(day);
  if (Number.isNaN(date.getTime()) || moved) {
    throw new BadRequestError(
      `${JSON.stringify(text)} is not a timestamp of Kubernetes; one looks like 2026-08-01T12:00:00Z.`,
    );
  }
  return date;
}
