/** A server whose bundle store is away as it starts. */
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Settings } from "../../src/settings.ts";
import { compiledForPush } from "../helpers/compiled.ts";
import { startTestServer } from "../helpers/test-server.ts";

const greets = (says: string) => `import { action, markdown, ExecutionBaseEvent } from "cortado";
export const greet = action({
  name: "greet",
  on: ExecutionBaseEvent,
  run: (event) => event.addEnrichment([markdown("${says}")]),
});
`;

it("serves the last good bundle on its disk, takes no push, and takes them again when the store is back", async () => {
  const scratch = await mkdtemp(path.join(tmpdir(), "cortado-store-"));
  onTestFinished(() => rm(scratch, { recursive: true, force: true }));
  const store = path.join(scratch, "store");
  const settings: Partial<Settings> = {
    dataDirectory: path.join(scratch, "data"),
    store: { kind: "folder", folder: store },
  };
  const start = async () => {
    const server = await startTestServer({ configuration: {}, settings });
    const push = async (says: string) => {
      const { bytes } = await compiledForPush("mine", { "greet.ts": greets(says) });
      return await fetch(`${server.url}/api/playbooks/mine`, { method: "PUT", body: bytes });
    };
    const greet = async () => {
      const request = { method: "POST", body: JSON.stringify({ sinks: [] }) };
      return await (await fetch(`${server.url}/api/actions/greet`, request)).text();
    };
    return { server, push, greet };
  };

  const first = await start();
  expect((await first.push("hello")).status).toBe(200);
  expect(await first.greet()).toContain("hello");
  await first.server.close();

  await rename(store, `${store}.away`);
  await writeFile(store, "no folder");
  const second = await start();
  onTestFinished(() => second.server.close());
  expect(await second.greet()).toContain("hello");
  const refused = await second.push("goodbye");
  expect(refused.status).toBe(503);
  expect(await refused.text()).toContain(`Bundles cannot be kept in the folder ${store}`);
  expect(await second.greet()).toContain("hello");

  await rm(store);
  await rename(`${store}.away`, store);
  expect((await second.push("goodbye")).status).toBe(200);
  expect(await second.greet()).toContain("goodbye");
}, 60_000);
