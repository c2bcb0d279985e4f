import * as z from "zod";
import { action, ExecutionBaseEvent } from "../index.ts";
import { bodyParams, exchange, requestWithBody } from "./shared/http.ts";

export const httpPut = action({
  name: "http_put",
  description: "Sends an HTTP PUT, and makes a finding of the answer if that is wanted: of its first 10 KB.",
  on: ExecutionBaseEvent,
  effects: "change",
  params: z.strictObject(bodyParams),
  async run(event, params, { dryRun, signal }) {
    const request = requestWithBody("PUT", params);
    await exchange(event, { url: new URL(params.url), request, show: params.get_response ?? false, dryRun, signal });
  },
});
