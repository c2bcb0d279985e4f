/** The state table from settings: DynamoDB, or the embedded database. */
import type { Delivery } from "../delivery.ts";
import type { DeliveryState } from "../pipeline-services.ts";
import type { RunRecord } from "../playbooks/run-record.ts";
import type { Settings, TableSettings } from "../settings.ts";
import type { TableOptions } from "../state/table.ts";

/** The state table, as every thread and command of this program opens it. */
export async function openTable({ table, holder, leaseTimings, messageTimings }: Settings): Promise<DeliveryState> {
  const { openState } = await import("../state/open.ts");
  const { createTable } = await import("../state/table.ts");
  return openState<RunRecord, Delivery>({
    table: createTable(tableOptions(table)),
    ...(holder === undefined ? {} : { holder }),
    ...(leaseTimings === undefined ? {} : { timings: leaseTimings }),
    ...(messageTimings === undefined ? {} : { messageTimings }),
  });
}

/** The name of the table in an embedded database. */
const embeddedTableName = "cortado";

/** Settings whose table can be opened: the embedded database is started where there is to be one, and its table made. */
export async function prepareTable(settings: Settings): Promise<{ settings: Settings; close(): Promise<void> }> {
  if (settings.table.kind !== "embedded") return { settings, close: async () => undefined };
  const { startEmbeddedDatabase } = await import("../state/embedded.ts");
  const { createTableIfMissing } = await import("../state/create-table.ts");
  const { socketPath, close } = await startEmbeddedDatabase({ dir: settings.dataDirectory });
  await createTableIfMissing({ tableName: embeddedTableName, socketPath });
  return { settings: { ...settings, table: { kind: "socket", socketPath } }, close };
}

function tableOptions(table: TableSettings): TableOptions {
  switch (table.kind) {
    case "embedded":
      throw new Error("the embedded database has to be started before its table can be opened");
    case "socket":
      return { tableName: embeddedTableName, socketPath: table.socketPath };
    case "dynamodb": {
      const { kind: _, ...options } = table;
      return options;
    }
  }
}
