/** Names and ids of playbooks. */
import { createHash } from "node:crypto";

/** The wanted name, with a number where it is taken already. */
export function distinct(wanted: string, taken: Set<string>, separator: string): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}${separator}${count}`;
  taken.add(name);
  return name;
}

/** A name as part of a key: short, of plain characters, and still another for another name. */
export const slug = (name: string) =>
  /^[\w.-]{1,64}$/.test(name) ? name : `${name.replaceAll(/[^\w.-]+/g, "-").slice(0, 40)}-${digest(name).slice(0, 8)}`;

/** 16 hex digits; the order of keys does not count. */
export const digest = (content: unknown) =>
  createHash("sha256")
    .update(JSON.stringify(sorted(content)))
    .digest("hex")
    .slice(0, 16);

function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (typeof data !== "object" || data === null) return data;
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]));
}
