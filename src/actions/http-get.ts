import * as z from "zod";
import { action, ExecutionBaseEvent } from "../index.ts";
import { exchange, getResponse, httpUrl } from "./shared/http.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const httpGet = action({
  name: "http_get",
  description: "Sends an HTTP GET, and makes a finding of the answer if that is wanted: of its first 10 KB.",
  on: ExecutionBaseEvent,
  effects: "read",
  params: z.strictObject({
    url: httpUrl,
    get_response: getResponse,
    params: z
      .record(z.string(), z.union([scalar, z.array(scalar)]))
      .nullish()
      .describe("Added to the address' query"),
  }),
  async run(event, { url, get_response, params }, { dryRun, signal }) {
    const address = new URL(url);
    for (const [name, value] of Object.entries(params ?? {})) {
      for (const one of [value].flat()) address.searchParams.append(name, String(one));
    }
    await exchange(event, { url: address, request: { method: "GET" }, show: get_response ?? false, dryRun, signal });
  },
});
