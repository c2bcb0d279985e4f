/**
 * One DynamoDB table through the AWS SDK: the few requests that Cortado makes, with plain values. Heavy to load (about 60 ms), so it is
 * imported when it is needed: `await import("./state/table.ts")`. The rest of this folder knows only its types.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { readBatches, writeBatches } from "./batches.ts";
import { type Clock, systemClock } from "./clock.ts";
import { isExpired } from "./expiry.ts";
import { type Expression, type Placeholders, placeholders } from "./expression.ts";
import type { Key } from "./keys.ts";
import { type ClientOptions, createClient, type TableClient } from "./table-client.ts";
import { fromAttributes, type Item, type ItemInput, textOf, toAttributes } from "./values.ts";

export type TableOptions = ClientOptions & {
  readonly tableName: string;
  /** Decides what has expired. */
  readonly clock?: Clock;
};

/** The item as it is now; or the condition did not hold, with the item that refused it where the server says. */
export type UpdateResult = { readonly ok: true; readonly item: Item } | { readonly ok: false; readonly item?: Item };

export interface Condition extends Expression {
  readonly condition: string;
}

export interface Update extends Expression {
  /** `SET #owner = :me REMOVE #cancel` */
  readonly update: string;
  readonly condition?: string;
}

export interface Query {
  readonly pk: string;
  /** On the sort key: `#sk < :until`. */
  readonly where?: string;
  readonly values?: ItemInput;
  readonly descending?: boolean;
  /** How many items are looked at; expired ones among them are not returned. */
  readonly limit: number;
  /** The sort key to go on behind. */
  readonly after?: string | undefined;
}

export interface Page {
  readonly items: readonly Item[];
  /** What to pass as `after` for the next page; undefined at the end. */
  readonly next: string | undefined;
}

/**
 * Every method throws UnavailableError where the table cannot be reached or refuses us. An item whose `ttl` (seconds since the epoch) is
 * past is absent for all that read; DynamoDB itself deletes it days later:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export interface Table {
  readonly name: string;
  get(key: Key): Promise<Item | undefined>;
  /** In the order of the keys. */
  batchGet(keys: readonly Key[]): Promise<(Item | undefined)[]>;
  /** False where the condition did not hold. */
  put(item: Key & ItemInput, condition?: Condition): Promise<boolean>;
  update(key: Key, update: Update): Promise<UpdateResult>;
  /** False where the condition did not hold. */
  delete(key: Key, condition?: Condition): Promise<boolean>;
  /** Puts items of different keys. */
  batchPut(items: readonly (Key & ItemInput)[]): Promise<void>;
  query(query: Query): Promise<Page>;
  /** How many items a partition has. */
  count(pk: string): Promise<number>;
  /** How many requests have been made so far, without the SDK's own second attempts. */
  requests(): number;
  close(): void;
}

export function createTable({ tableName, clock = systemClock, ...options }: TableOptions): Table {
  const client = createClient(options, tableName);
  const alive = (item: Item): boolean => !isExpired(item, clock.now());
  return {
    name: tableName,
    batchPut: (items) => writeBatches(client, tableName, items),
    requests: () => client.requests(),
    close: () => client.close(),
    put: (item, condition) => put(client, tableName, item, condition),
    update: (key, update) => updateItem(client, tableName, key, update),
    delete: (key, condition) => remove(client, tableName, key, condition),
    count: (pk) => count(client, tableName, pk),

    async get(key) {
      const request = new GetItemCommand({ TableName: tableName, Key: keyAttributes(key), ConsistentRead: true });
      const { Item } = await client.send((sdk) => sdk.send(request));
      const item = Item === undefined ? undefined : fromAttributes(Item);
      return item !== undefined && alive(item) ? item : undefined;
    },

    async batchGet(keys) {
      const different = new Map(keys.map((key) => [nameOf(key), key]));
      const items = await readBatches(client, tableName, [...different.values()]);
      const found = new Map(items.filter(alive).map((item) => [nameOf(item), item]));
      return keys.map((key) => found.get(nameOf(key)));
    },

    async query(query) {
      const page = await queryPage(client, tableName, query);
      return { ...page, items: page.items.filter(alive) };
    },
  };
}

async function put(client: TableClient, table: string, item: ItemInput, condition?: Condition): Promise<boolean> {
  const request = new PutItemCommand({ TableName: table, Item: toAttributes(item), ...conditionOf(condition) });
  return await holds(client.send((sdk) => sdk.send(request)));
}

async function remove(client: TableClient, table: string, key: Key, condition?: Condition): Promise<boolean> {
  const Key = keyAttributes(key);
  const request = new DeleteItemCommand({ TableName: table, Key, ...conditionOf(condition) });
  return await holds(client.send((sdk) => sdk.send(request)));
}

async function updateItem(client: TableClient, table: string, key: Key, update: Update): Promise<UpdateResult> {
  const request = new UpdateItemCommand({
    TableName: table,
    Key: keyAttributes(key),
    UpdateExpression: update.update,
    ...(update.condition === undefined ? {} : { ConditionExpression: update.condition }),
    ...placeholders(update, update.update, update.condition),
    ReturnValues: "ALL_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  try {
    const { Attributes } = await client.send((sdk) => sdk.send(request));
    return { ok: true, item: fromAttributes(Attributes ?? {}) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // Not every server of this protocol sends the item along.
    return error.Item === undefined ? { ok: false } : { ok: false, item: fromAttributes(error.Item) };
  }
}

async function holds(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function conditionOf(condition: Condition | undefined): Placeholders & { ConditionExpression?: string } {
  if (condition === undefined) return {};
  return { ConditionExpression: condition.condition, ...placeholders(condition, condition.condition) };
}

async function queryPage(client: TableClient, table: string, query: Query): Promise<Page> {
  const { pk, where, values, descending = false, limit, after } = query;
  const condition = where === undefined ? "#pk = :pk" : `#pk = :pk AND ${where}`;
  const request = new QueryCommand({
    ...partition(table, condition, { ...values, pk }, after),
    ConsistentRead: true,
    ScanIndexForward: !descending,
    Limit: limit,
  });
  const { Items = [], LastEvaluatedKey } = await client.send((sdk) => sdk.send(request));
  return { items: Items.map(fromAttributes), next: sortKeyOf(LastEvaluatedKey) };
}

async function count(client: TableClient, table: string, pk: string): Promise<number> {
  let total = 0;
  let after: string | undefined;
  do {
    const request = new QueryCommand({ ...partition(table, "#pk = :pk", { pk }, after), Select: "COUNT" });
    const { Count = 0, LastEvaluatedKey } = await client.send((sdk) => sdk.send(request));
    total += Count;
    after = sortKeyOf(LastEvaluatedKey);
  } while (after !== undefined);
  return total;
}

function partition(
  TableName: string,
  condition: string,
  values: ItemInput & { readonly pk: string },
  after: string | undefined,
): QueryCommandInput {
  return {
    TableName,
    KeyConditionExpression: condition,
    ...placeholders({ values }, condition),
    ...(after === undefined ? {} : { ExclusiveStartKey: toAttributes({ pk: values.pk, sk: after }) }),
  };
}

function sortKeyOf(key: QueryCommandInput["ExclusiveStartKey"]): string | undefined {
  return key?.sk?.S;
}

/** What is given may hold more than the key, and DynamoDB refuses more. */
function keyAttributes({ pk, sk }: Key): ReturnType<typeof toAttributes> {
  return toAttributes({ pk, sk });
}

function nameOf(item: Item | Key): string {
  const attributes: Item = { ...item };
  return JSON.stringify([textOf(attributes, "pk"), textOf(attributes, "sk")]);
}
