/** Makes the table where it is missing: for the embedded database and for development. In a cloud, infra/ makes it. */

import { setTimeout as wait } from "node:timers/promises";
import { CreateTableCommand, DescribeTableCommand, ResourceInUseException } from "@aws-sdk/client-dynamodb";
import { UnavailableError } from "../errors.ts";
import type { TableOptions } from "./table.ts";
import { createClient, type TableClient } from "./table-client.ts";

const POLLS = 100;
const POLL_MS = 100;

/** Resolves when the table can be used. Throws UnavailableError. Sets no `ttl` for DynamoDB's own deletion: infra/ does. */
export async function createTableIfMissing({ tableName, ...options }: TableOptions): Promise<void> {
  const client = createClient(options, tableName);
  try {
    if (await isActive(client, tableName)) return;
    await create(client, tableName);
    for (let poll = 0; poll < POLLS; poll += 1) {
      if (await isActive(client, tableName)) return;
      await wait(POLL_MS);
    }
    throw new UnavailableError(`The table ${tableName} was created and is still not ready after ten seconds.`);
  } finally {
    client.close();
  }
}

async function isActive(client: TableClient, TableName: string): Promise<boolean> {
  return await client.send(async (sdk) => {
    try {
      const { Table } = await sdk.send(new DescribeTableCommand({ TableName }));
      return Table?.TableStatus === "ACTIVE";
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return false;
      throw error;
    }
  });
}

async function create(client: TableClient, TableName: string): Promise<void> {
  await client.send(async (sdk) => {
    try {
      await sdk.send(
        new CreateTableCommand({
          TableName,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [
            { AttributeName: "pk", AttributeType: "S" },
            { AttributeName: "sk", AttributeType: "S" },
          ],
          KeySchema: [
            { AttributeName: "pk", KeyType: "HASH" },
            { AttributeName: "sk", KeyType: "RANGE" },
          ],
        }),
      );
    } catch (error) {
      // Another process was quicker.
      if (!(error instanceof ResourceInUseException)) throw error;
    }
  });
}
