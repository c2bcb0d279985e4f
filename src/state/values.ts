/** Between plain values and DynamoDB's attribute values. What is nested is kept as JSON text, so six types are enough. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** A bigint is a DynamoDB number of up to 38 digits, exact where a JavaScript number is not. */
export type Value = string | number | bigint | boolean | Uint8Array;

export type Item = Readonly<Record<string, Value>>;

/** Values that may be absent are left out of what is written. */
export type ItemInput = Readonly<Record<string, Value | undefined>>;

export function toAttribute(value: Value): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "object") return { B: value };
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`The table stores no ${value}: only finite numbers.`);
  }
  return { N: String(value) };
}

export function toAttributes(item: ItemInput): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) attributes[name] = toAttribute(value);
  }
  return attributes;
}

export function fromAttributes(attributes: Readonly<Record<string, AttributeValue>>): Item {
  const entries = Object.entries(attributes).map(([name, value]) => [name, fromAttribute(name, value)] as const);
  return Object.fromEntries(entries);
}

function fromAttribute(name: string, value: AttributeValue): Value {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return fromNumber(value.N);
  if (value.B !== undefined) return value.B;
  if (value.BOOL !== undefined) return value.BOOL;
  throw new TypeError(`The attribute ${name} has a type that Cortado does not write: ${Object.keys(value).join()}.`);
}

function fromNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}

/** The text of an attribute; undefined where it is absent or something else. */
export function textOf(item: Item, name: string): string | undefined {
  const value = item[name];
  return typeof value === "string" ? value : undefined;
}

/** The number of an attribute; undefined where it is absent, or too large for a JavaScript number. */
export function numberOf(item: Item, name: string): number | undefined {
  const value = item[name];
  return typeof value === "number" ? value : undefined;
}

export function bytesOf(item: Item, name: string): Uint8Array | undefined {
  const value = item[name];
  return value instanceof Uint8Array ? value : undefined;
}
