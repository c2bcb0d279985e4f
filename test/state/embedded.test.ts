import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { createTable, type Table } from "../../src/state/table.ts";

const EMBEDDED = new URL("../../src/state/embedded.ts", import.meta.url).href;
const ITEM = { pk: "a", sk: "-", text: "kept" };

let folder: string;
let cleanUp: (() => Promise<void> | void)[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cortado-test-"));
  cleanUp = [];
});
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  await rm(folder, { recursive: true, force: true });
});

async function start(dir: string | undefined, onRestart?: (reason: string) => void): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase({
    ...(dir === undefined ? {} : { dir }),
    ...(onRestart === undefined ? {} : { onRestart }),
  });
  cleanUp.push(() => database.close());
  return database;
}

async function tableOf({ socketPath }: EmbeddedDatabase): Promise<Table> {
  await createTableIfMissing({ socketPath, tableName: "cortado" });
  const table = createTable({ socketPath, tableName: "cortado" });
  cleanUp.push(() => table.close());
  return table;
}

/** Another process that runs the database of the folder. */
async function startElsewhere(dir: string): Promise<{ kill(): Promise<void> }> {
  const script = `
    import { startEmbeddedDatabase } from ${JSON.stringify(EMBEDDED)};
    await startEmbeddedDatabase({ dir: ${JSON.stringify(dir)} });
    console.log("ready");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  cleanUp.push(kill);
  await once(child.stdout, "data");
  return { kill };
}

describe("the embedded database", () => {
  it("keeps its data in a folder that only its owner may enter", async () => {
    const dir = path.join(folder, "data");
    const first = await start(dir);
    await (await tableOf(first)).put(ITEM);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    await first.close();
    const again = await start(dir);
    expect(await (await tableOf(again)).get(ITEM)).toEqual(ITEM);
  });

  it("is in memory without a folder, and leaves nothing behind", async () => {
    const database = await start(undefined);
    await (await tableOf(database)).put(ITEM);
    await database.close();
    await expect(stat(path.dirname(database.socketPath))).rejects.toThrow("ENOENT");
  });

  it("is shared with the process that runs it, and taken over when that was killed, with all that was acknowledged", async () => {
    const other = await startElsewhere(folder);
    const shared = await start(folder);
    await (await tableOf(shared)).put(ITEM);
    await other.kill();
    const own = await start(folder);
    expect(await (await tableOf(own)).get(ITEM)).toEqual(ITEM);
  });

  it("is one for two that start it in the same moment", async () => {
    const [one, two] = await Promise.all([start(folder), start(folder)]);
    await (await tableOf(one)).put(ITEM);
    expect(await (await tableOf(two)).get(ITEM)).toEqual(ITEM);
  });

  it("refuses a folder that another process has and does not answer for", async () => {
    await startElsewhere(folder);
    await rm(path.join(folder, "db.sock"));
    await expect(startEmbeddedDatabase({ dir: folder })).rejects.toMatchObject({
      name: "UnavailableError",
      message: expect.stringContaining("end that process, or choose another data folder"),
    });
  });

  it("works in a folder whose path is too long for a socket", async () => {
    const dir = path.join(folder, "a-long-name".repeat(10));
    const one = await start(dir);
    const two = await start(dir);
    cleanUp.push(() => rm(path.dirname(one.socketPath), { recursive: true, force: true }));
    expect(two.socketPath).toBe(one.socketPath);
    await (await tableOf(one)).put(ITEM);
    expect(await (await tableOf(two)).get(ITEM)).toEqual(ITEM);
  });

  it("is started again when its thread died, and has its data", async () => {
    const reasons: string[] = [];
    const database = await start(folder, (reason) => reasons.push(reason));
    const table = await tableOf(database);
    await table.put(ITEM);
    await crash(database);
    await expect.poll(() => table.get(ITEM).catch(() => undefined), { timeout: 10_000 }).toEqual(ITEM);
    expect(reasons).toEqual([expect.stringContaining("is started again")]);
  });

  it("outlives a client that goes away in the middle of a request", async () => {
    const reasons: string[] = [];
    const database = await start(folder, (reason) => reasons.push(reason));
    const table = await tableOf(database);
    const { socketPath } = database;
    const headers = { "content-type": "application/x-amz-json-1.0", "content-length": 1000 };
    const request = http.request({ socketPath, method: "POST", headers, agent: false });
    request.on("error", () => {});
    request.write("{");
    await once(request, "socket");
    await table.put(ITEM);
    request.destroy();
    expect(await table.get(ITEM)).toEqual(ITEM);
    expect(reasons).toEqual([]);
  });
});

/** A body that dynalite does not expect, and throws about. */
async function crash({ socketPath }: EmbeddedDatabase): Promise<void> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.GetItem",
    "x-amz-date": "20260101T000000Z",
    authorization: "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0",
  };
  const request = http.request({ socketPath, method: "POST", headers, agent: false });
  request.end("null");
  await once(request, "error");
}
