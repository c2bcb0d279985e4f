import { openServer, type ServerOptions } from "./api-client.ts";
import { listSchema, listText, runDetails, runSchema } from "./run-text.ts";

export interface RunsOptions extends ServerOptions {
  readonly limit: number;
  readonly before?: string;
  readonly state?: string;
  readonly playbook?: string;
  readonly cluster?: string;
  readonly json?: boolean;
}

/** Prints the latest runs, newest first, or one of them with all that is known of it. */
export async function runs(id: string | undefined, { json = false, url, token, ...query }: RunsOptions): Promise<void> {
  const ask = openServer(
    { ...(url === undefined ? {} : { url }), ...(token === undefined ? {} : { token }) },
    process.env,
  );
  if (id !== undefined) {
    const answer = await ask(`/api/runs/${encodeURIComponent(id)}`);
    const text = () => runDetails(runSchema.parse(answer), { colour: process.stdout.isTTY === true });
    return console.log(json ? JSON.stringify(answer, undefined, 2) : text());
  }
  const wanted = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
  const answer = await ask(`/api/runs?${new URLSearchParams(wanted)}`);
  if (json) return console.log(JSON.stringify(answer, undefined, 2));
  const { runs: found, next } = listSchema.parse(answer);
  console.log(found.length === 0 ? "No runs." : listText(found));
  if (next !== undefined) console.log(`\nMore with --before '${next}'`);
}
