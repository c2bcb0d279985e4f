/** HTTP requests of actions: the same for every method. */
import * as z from "zod";
import { type ExecutionBaseEvent, file, markdown } from "../../index.ts";

/** Of an answer that is shown, so many bytes. */
const maxBytes = 10 * 1024;
const timeoutMilliseconds = 30_000;

export const httpUrl = z
  .url({ protocol: /^https?$/ })
  .describe("Where to; it is shown in no finding and no error but for its host");

export const getResponse = z.boolean().nullish().default(false).describe("Make a finding of the answer");

const pair = z.tuple([z.string(), z.string()]);
const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const bodyParams = {
  url: httpUrl,
  data: z
    .union([z.string(), z.array(pair), z.record(z.string(), z.unknown())])
    .nullish()
    .describe("The body: a text, or fields that are sent as a form, or as JSON where the header Content-Type says so"),
  headers: z.record(z.string(), plain.transform(String)).nullish().describe("Headers of the request"),
  get_response: getResponse,
};
const shape = z.strictObject(bodyParams);
type BodyParams = z.output<typeof shape>;

/** The request that `data` and `headers` describe. Throws an Error for a header that cannot be sent; it does not show its value. */
export function requestWithBody(method: "POST" | "PUT", { data, headers }: BodyParams): RequestInit {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers ?? {})) setHeader(sent, name, value);
  if (data === null || data === undefined) return { method, headers: sent };
  if (typeof data === "string") return { method, headers: sent, body: data };
  const asJson = /\bjson\b/i.test(sent.get("content-type") ?? "");
  const body = asJson ? JSON.stringify(data) : form(data);
  return { method, headers: sent, body };
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    throw new Error(`the header ${JSON.stringify(name)} cannot be sent: HTTP does not allow its name or its value`);
  }
}

type Fields = Readonly<Record<string, unknown>> | readonly (readonly [string, string])[];

/** A list is a field for each of its items; what is no plain value is JSON. */
function form(data: Fields): URLSearchParams {
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(data) ? data : Object.entries(data);
  const fields = entries.flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const));
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  const sent = fields.filter(([, value]) => value !== null && value !== undefined);
  return new URLSearchParams(sent.map(([name, value]): [string, string] => [name, text(value)]));
}

interface Asked {
  readonly url: URL;
  readonly request: RequestInit;
  readonly show: boolean;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/**
 * Sends the request; makes a finding of the answer where that is asked for. Throws an Error that names the host alone, since what else is
 * in an address can be a secret, for an answer that is no success and for none within 30 s.
 */
export async function exchange(
  event: ExecutionBaseEvent,
  { url, request, show, dryRun, signal }: Asked,
): Promise<void> {
  const { method = "GET" } = request;
  const what = `${method} to ${url.host}`;
  if (dryRun && method !== "GET") return event.addEnrichment([markdown(`In a dry run no ${what} is sent.`)]);
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  const { address, headers } = withoutCredentials(url, request);
  const answer = await send(what, address, { ...request, headers, signal: AbortSignal.any([signal, timeout]) }, signal);
  const { bytes, cut } = await beginning(answer).catch((error: unknown) => {
    throw unanswered(what, error, signal);
  });
  if (show) {
    event.addFinding({
      title: `Answer to ${what}: ${answer.status}`,
      aggregationKey: "HttpResponse",
      severity: "INFO",
    });
    const text = new TextDecoder().decode(bytes);
    event.addEnrichment([
      markdown(text === "" ? "_The answer is empty._" : `The answer${cut ? `, cut at ${maxBytes / 1024} KB` : ""}:`),
      ...(text === "" ? [] : [file("response.txt", text)]),
    ]);
  }
  if (!answer.ok) throw new Error(`${what} was answered ${answer.status}`);
}

/** Names and passwords in an address are sent as a header, as `fetch` takes no such address. */
function withoutCredentials(url: URL, request: RequestInit): { readonly address: URL; readonly headers: Headers } {
  const headers = new Headers(request.headers);
  const address = new URL(url);
  const { username, password } = address;
  if (username === "" && password === "") return { address, headers };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  if (!headers.has("authorization")) headers.set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
  address.username = "";
  address.password = "";
  return { address, headers };
}

async function send(what: string, url: URL, request: RequestInit, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    throw unanswered(what, error, signal);
  }
}

/** Without the error itself: it can hold the address. */
function unanswered(what: string, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof Error && error.name === "TimeoutError") {
    return new Error(`${what} was not answered within ${timeoutMilliseconds / 1000} s`);
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return new Error(`${what} was not answered${code}`);
}

/** What is more than is shown is not read. */
async function beginning({ body }: Response): Promise<{ readonly bytes: Uint8Array; readonly cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), cut: length > maxBytes };
}
