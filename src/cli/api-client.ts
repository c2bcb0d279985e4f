/** A server's API, for commands. */
import * as z from "zod";
import type { FieldProblem } from "../errors.ts";
import { networkFailure } from "../tools/network-failure.ts";

export interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
}

export const defaultUrl = "http://127.0.0.1:7070";

/** A server that refused, or that did not answer: in words for a terminal, one problem a line. */
export class RemoteError extends Error {
  override readonly name = "RemoteError";
  /** Undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, problems: readonly FieldProblem[] = []) {
    super(
      [message, ...problems.map(({ path, message: what }) => `  ${path === "" ? "" : `${path}  `}${what}`)].join("\n"),
    );
    this.status = status;
  }
}

const problemSchema = z.object({
  detail: z.string(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

export interface Request {
  readonly method?: "GET" | "POST";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type AskServer = (path: string, request?: Request) => Promise<unknown>;

/** `env`: CORTADO_URL and CORTADO_TOKEN stand where the options say nothing. Calls throw a RemoteError. */
export function openServer(
  { url, token }: ServerOptions,
  env: Readonly<Record<string, string | undefined>>,
): AskServer {
  const base = url ?? env.CORTADO_URL ?? defaultUrl;
  const secret = token ?? env.CORTADO_TOKEN;
  return async (path, { method = "GET", body, headers = {} } = {}) => {
    const response = await answerOf(new URL(path.slice(1), withSlash(base)), {
      method,
      headers: {
        accept: "application/json",
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = parse(response.text);
    if (response.ok && answer !== undefined) return answer;
    const problem = problemSchema.safeParse(answer);
    const { status } = response;
    if (!problem.success) throw new RemoteError(`${base} answered ${status}, and not as Cortado does`, status);
    const { detail, problems } = problem.data;
    // The detail of several problems is all of them in a line.
    if (problems.length > 1) throw new RemoteError("The server refused it:", status, problems);
    throw new RemoteError(`${detail}${adviceFor(status)}`, status);
  };
}

/** Below a path where a proxy has it, as in `https://ops.example.com/cortado`. */
const withSlash = (base: string): string => (base.endsWith("/") ? base : `${base}/`);

const adviceFor = (status: number): string => (status === 401 ? "; give --token or CORTADO_TOKEN" : "");

async function answerOf(url: URL, init: RequestInit): Promise<{ ok: boolean; status: number; text: string }> {
  try {
    const response = await fetch(url, init);
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    throw new RemoteError(
      `${url.origin} does not answer: ${networkFailure(error).code}; is it \`cortado serve\`? See --url`,
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
