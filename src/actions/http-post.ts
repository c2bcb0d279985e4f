import * as z from "zod";
import { action, ExecutionBaseEvent } from "../index.ts";
import { bodyParams, exchange, requestWithBody } from "./shared/http.ts";

export const httpPost = action({
  name: "http_post",
  description: "Sends an HTTP POST, and makes a finding of the answer if that is wanted: of its first 10 KB.",
  on: ExecutionBaseEvent,
  effects: "change",
  // Nobody knows whether a POST that was not answered has been done, and what a second one would do.
  retry: "never",
  params: z.strictObject(bodyParams),
  async run(event, params, { dryRun, signal }) {
    const request = requestWithBody("POST", params);
    await exchange(event, { url: new URL(params.url), request, show: params.get_response ?? false, dryRun, signal });
  },
});
