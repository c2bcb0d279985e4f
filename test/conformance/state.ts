/** What every database under the state table must do, from the table's requests to each thing that is kept in it. */
import { afterAll, beforeAll, describe } from "vitest";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { createTable, type Table } from "../../src/state/table.ts";
import type { ClientOptions } from "../../src/state/table-client.ts";
import type { Upstream } from "../helpers/lossy-proxy.ts";
import { type ManualClock, manualClock } from "../helpers/manual-clock.ts";
import { claimsConformance } from "./state-claims.ts";
import { costsConformance } from "./state-costs.ts";
import { digestsConformance } from "./state-digests.ts";
import { groupsConformance } from "./state-groups.ts";
import { ledgersConformance } from "./state-ledgers.ts";
import { limiterConformance } from "./state-limiter.ts";
import { messagesConformance } from "./state-messages.ts";
import { pushedConformance } from "./state-pushed.ts";
import { queueConformance } from "./state-queue.ts";
import { runsConformance } from "./state-runs.ts";
import { tableConformance } from "./state-table.ts";

export interface Database {
  readonly options: ClientOptions;
  /** Where its socket is, for a proxy before it. */
  readonly upstream: Upstream;
  close(): Promise<void>;
}

/** What the tests of one part are given. */
export interface Bench {
  /** The table as one process sees it; its clock stands still until it is moved. */
  process(options?: { skew?: number }): { readonly table: Table; readonly clock: ManualClock };
  /** The table as seen by one who connects elsewhere, as through a proxy. */
  at(endpoint: string): Table;
  readonly upstream: () => Upstream;
  /** A name that no other test uses. */
  unique(): string;
}

const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

export function stateConformance(name: string, start: () => Promise<Database>): void {
  describe(`the state table on ${name}`, () => {
    const tableName = `cortado-test-${process.pid}-${Date.now()}`;
    const tables: Table[] = [];
    let database: Database | undefined;
    let names = 0;

    beforeAll(async () => {
      database = await start();
      await createTableIfMissing({ ...database.options, tableName });
    });
    afterAll(async () => {
      for (const table of tables) table.close();
      await database?.close();
    });

    const running = (): Database => {
      if (database === undefined) throw new Error(`${name} was not started.`);
      return database;
    };
    const opened = (table: Table): Table => {
      tables.push(table);
      return table;
    };
    const bench: Bench = {
      process({ skew = 0 } = {}) {
        const clock = manualClock({ skew });
        return { clock, table: opened(createTable({ ...running().options, tableName, clock })) };
      },
      at: (endpoint) =>
        opened(
          createTable({ endpoint, region: "us-east-1", credentials: CREDENTIALS, tableName, clock: manualClock() }),
        ),
      upstream: () => running().upstream,
      unique() {
        names += 1;
        return `name-${names}`;
      },
    };
    tableConformance(bench);
    ledgersConformance(bench);
    queueConformance(bench);
    limiterConformance(bench);
    claimsConformance(bench);
    pushedConformance(bench);
    messagesConformance(bench);
    digestsConformance(bench);
    groupsConformance(bench);
    runsConformance(bench);
    costsConformance(bench);
  });
}
