/** What is compared with: Hono on the same server, that only parses the body. */
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { cpuMicroseconds, serveParent } from "./target.ts";

const app = new Hono();
app.post("/webhooks/alertmanager", async (c) => {
  await c.req.json();
  return c.json({ success: true });
});

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }: AddressInfo) => {
  serveParent(
    `http://127.0.0.1:${port}`,
    () => ({ cpuMicroseconds: cpuMicroseconds() }),
    async () => void server.close(),
  );
});
