import type { Credentials } from "./address.ts";
import { wrong } from "./sources.ts";

/** What goes with every request over HTTP: the headers as configured, and what the URL says of user and password. Throws a SourceError. */
export function headersFor(
  credentials: Credentials | undefined,
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw wrong("`http_headers` has a name that no header can have");
    if (/[\r\n\0]/.test(value)) throw wrong(`The header ${name} of \`http_headers\` has a line break in it`);
  }
  const named = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  if (credentials === undefined || named) return headers;
  const basic = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
  return { ...headers, Authorization: `Basic ${basic}` };
}
