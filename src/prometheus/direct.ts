/** Queries sent to a URL. They are POSTed, as the model does it: a query may be longer than a URL can be. */
import type { PrometheusParams } from "./params.ts";
import { type Answer, AnswerTooLongError, maxAnswerBytes, type Transport } from "./transport.ts";

export function directly(url: URL, params: PrometheusParams): Transport {
  const headers = headersOf(params);
  const secrets = Object.values(headers).flatMap((value) => [value, value.replace(/^\S+\s+/, "")]);
  const { prometheus_aws: aws } = params;
  return {
    where: `at ${url.host}`,
    server: url.host,
    send: async ({ endpoint, form }, signal) => {
      const target = targetOf(url, endpoint, params);
      const body = new URLSearchParams(form).toString();
      const unsigned = { ...headers, "content-type": "application/x-www-form-urlencoded", "user-agent": "cortado" };
      const signed = aws === undefined ? unsigned : await sign(aws, target, unsigned, body);
      // A redirect would take the credentials to another server.
      return await read(await fetch(target, { method: "POST", headers: signed, body, redirect: "manual", signal }));
    },
    scrub: (text) =>
      secrets
        .filter((secret) => secret.length >= 4)
        .reduce((scrubbed, secret) => scrubbed.replaceAll(secret, "[redacted]"), text),
  };
}

/** By their names in small letters, so that none is there twice. */
const headersOf = ({ prometheus_auth: auth, prometheus_additional_headers: more = {} }: PrometheusParams) => ({
  ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name.toLowerCase(), value])),
  ...(auth ? { authorization: auth } : {}),
});

/** A path before the API's stays (`/api/prom`), and so does a query. */
function targetOf(url: URL, endpoint: string, { prometheus_url_query_string: query = "" }: PrometheusParams): URL {
  const target = new URL(url);
  target.pathname = `${url.pathname.replace(/\/+$/, "")}/api/v1/${endpoint}`;
  for (const [name, value] of new URLSearchParams(query)) target.searchParams.append(name, value);
  // A signature is over spaces written like this.
  target.search = target.search.replaceAll("+", "%20");
  return target;
}

async function sign(
  aws: NonNullable<PrometheusParams["prometheus_aws"]>,
  ...request: [URL, Readonly<Record<string, string>>, string]
) {
  const { signForAws } = await import("./aws.ts");
  return await signForAws(aws, ...request);
}

async function read({ status, headers, body }: Response): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw new AnswerTooLongError();
    chunks.push(chunk);
  }
  return { status, retryAfter: headers.get("retry-after") ?? undefined, text: Buffer.concat(chunks).toString("utf8") };
}
