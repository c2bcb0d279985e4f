/**
 * The placeholders of DynamoDB's expressions. Every name stands behind `#` and every value behind `:`, as `owner`, `state`, `ttl` and
 * hundreds more are reserved: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type ItemInput, toAttributes } from "./values.ts";

export interface Expression {
  /** What a placeholder stands for; by default its own name: `#owner` is `owner`. */
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: ItemInput;
}

export interface Placeholders {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** Names and values for exactly the placeholders in these texts; DynamoDB refuses one too many. */
export function placeholders({ names, values }: Expression, ...texts: readonly (string | undefined)[]): Placeholders {
  const all = texts.join(" ");
  const usedNames = [...all.matchAll(/#(\w+)/g)].map(([hash, name = ""]) => [hash, names?.[name] ?? name]);
  const usedValues: Record<string, AttributeValue> = {};
  for (const [colon, name = ""] of all.matchAll(/:(\w+)/g)) {
    const value = toAttributes({ value: values?.[name] }).value;
    if (value === undefined) throw new TypeError(`No value was given for ${colon} in "${all}".`);
    usedValues[colon] = value;
  }
  return {
    ...(usedNames.length > 0 ? { ExpressionAttributeNames: Object.fromEntries(usedNames) } : {}),
    ...(Object.keys(usedValues).length > 0 ? { ExpressionAttributeValues: usedValues } : {}),
  };
}
