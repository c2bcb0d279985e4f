import { request } from "node:https";
import { text } from "node:stream/consumers";
import { action, ExecutionBaseEvent, markdown } from "cortado";
import * as z from "zod";

export const argoAppSync = action({
  name: "argo_app_sync",
  description: "Makes Argo CD sync an application, at most once in a while, and says so in a finding.",
  on: ExecutionBaseEvent,
  effects: "change",
  params: z.strictObject({
    argo_url: z.url({ protocol: /^https?$/ }).describe("Where Argo CD is: https://argocd.example.com"),
    argo_token: z.string().min(1).describe("A token that may sync the application; write {{ env.ARGO_TOKEN }}"),
    argo_verify_server_cert: z.boolean().default(true).describe("Whether the server's certificate must be good"),
    argo_app_name: z.string().min(1).describe("The application"),
    rate_limit_seconds: z.int().positive().default(1800).describe("Sync it at most once in this time"),
  }),
  async run(event, params, { clusterName, log, rateLimiter, signal }) {
    const { argo_url, argo_app_name, rate_limit_seconds } = params;
    const mayGoOn = await rateLimiter.markAndTest("argo_app_sync", `${argo_url} ${argo_app_name}`, rate_limit_seconds);
    if (!mayGoOn) return log.info(`${argo_app_name} was synced less than ${rate_limit_seconds} s ago`);

    await sync(params, signal);
    event.addFinding({
      title: `Argo CD syncs ${argo_app_name}`,
      aggregationKey: "ArgoAppSync",
      severity: "INFO",
    });
    const page = new URL(`applications/${encodeURIComponent(argo_app_name)}`, asFolder(argo_url));
    event.addEnrichment([markdown(`Sync of <${page}|${argo_app_name}> was started for the cluster ${clusterName}.`)]);
  },
});

interface Target {
  readonly argo_url: string;
  readonly argo_token: string;
  readonly argo_verify_server_cert: boolean;
  readonly argo_app_name: string;
}

/** Throws an Error that says what Argo CD answered, without the token. */
async function sync({ argo_url, argo_token, argo_verify_server_cert, argo_app_name }: Target, signal: AbortSignal) {
  const url = new URL(`api/v1/applications/${encodeURIComponent(argo_app_name)}/sync`, asFolder(argo_url));
  const post = argo_verify_server_cert || url.protocol === "http:" ? postWithFetch : postUnverified;
  const call = {
    method: "POST",
    headers: { authorization: `Bearer ${argo_token}`, "content-type": "application/json" },
    body: "{}",
    signal,
  };
  const answer = await post(url, call).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(`Argo CD at ${url.host} could not be reached: ${reasonOf(error)}`);
  });
  if (answer.status === 200) return;
  const why = answer.body.replaceAll(argo_token, "[token]").slice(0, 300);
  throw new Error(`Argo CD at ${url.host} refused to sync ${argo_app_name} (HTTP ${answer.status}): ${why}`);
}

interface Call {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A redirect leads to a login page, which is no answer. */
async function postWithFetch(url: URL, call: Call): Promise<Answer> {
  const response = await fetch(url, { ...call, redirect: "manual" });
  return { status: response.status, body: await response.text() };
}

/** `fetch` has no way to take a certificate that is not good. */
async function postUnverified(url: URL, { body, ...call }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { ...call, rejectUnauthorized: false }, (response) => {
      const status = response.statusCode ?? 0;
      text(response).then((received) => resolve({ status, body: received }), reject);
    })
      .on("error", reject)
      .end(body);
  });
}

/** Argo CD may live below a path of its host. */
const asFolder = (url: string) => (url.endsWith("/") ? url : `${url}/`);

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
