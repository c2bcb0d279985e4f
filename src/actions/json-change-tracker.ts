import * as z from "zod";
import { action, KubernetesAnyChangeEvent } from "../index.ts";
import { bodyParams, exchange, httpUrl, requestWithBody } from "./shared/http.ts";

export const jsonChangeTracker = action({
  name: "json_change_tracker",
  description:
    "Sends an object that changed to an address, as JSON with the field `operation` beside its own: `create`, `update` or `delete`. It makes no finding.",
  on: KubernetesAnyChangeEvent,
  effects: "change",
  // Nobody knows whether a POST that was not answered has been done.
  retry: "never",
  params: z.strictObject({ url: httpUrl, headers: bodyParams.headers }),
  async run(event, { url, headers }, { dryRun, signal }) {
    const body = JSON.stringify({ ...event.obj, operation: event.operation }, null, 2);
    const request = requestWithBody("POST", {
      url,
      data: body,
      headers: { "Content-Type": "application/json", ...headers },
      get_response: false,
    });
    await exchange(event, { url: new URL(url), request, show: false, dryRun, signal });
  },
});
