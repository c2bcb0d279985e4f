import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { type AskServer, openServer, RemoteError, type ServerOptions } from "./api-client.ts";
import { givenParams, type Schema } from "./given-params.ts";
import { isUnderWay, type Run, runSchema, runText } from "./run-text.ts";

export interface TriggerOptions extends ServerOptions {
  /** `pod/shop/api-1`, `node/worker-1` */
  readonly target?: string;
  readonly cluster?: string;
  /** False: none. True, as commander makes it of nothing where there is a `--no-sinks`: every default one. */
  readonly sinks?: readonly string[] | boolean;
  readonly dryRun?: boolean;
  /** Seconds. */
  readonly wait: number;
  readonly json?: boolean;
}

/** Exit codes, as `--help` has them. */
const failed = 1;
const underWay = 2;

/** How long one request waits for the end of a run, in seconds. */
const requestSeconds = 20;
const pollMilliseconds = 1_000;

/** Runs an action on a server, and prints what it found. */
export async function trigger(action: string, given: readonly string[], options: TriggerOptions): Promise<void> {
  const ask = openServer(options, process.env);
  const target = targetOf(options);
  const { params, problems } = givenParams(given, await paramsOf(action, ask));
  if (problems.length > 0) throw new RemoteError(`${action} was not run:`, undefined, problems);
  const body = {
    params,
    ...(target === undefined ? {} : { target }),
    ...sinksOf(options),
    ...(options.dryRun ? { dryRun: true } : {}),
  };
  const until = Date.now() + options.wait * 1_000;
  const prefer = options.wait === 0 ? "respond-async" : `wait=${Math.min(options.wait, requestSeconds)}`;
  const path = `/api/actions/${encodeURIComponent(action)}`;
  const first = await ask(path, { method: "POST", body, headers: { prefer } });
  const answer = await ended(first, until, ask);
  print(answer, options);
}

/** The schema of the action's params; undefined for who may run it and not read of it. Throws a RemoteError where there is no such action. */
async function paramsOf(action: string, ask: AskServer): Promise<Schema | undefined> {
  try {
    return z.object({ params: z.custom<Schema>() }).parse(await ask(`/api/actions/${encodeURIComponent(action)}`))
      .params;
  } catch (error) {
    if (error instanceof RemoteError && error.status === 403) return undefined;
    throw error;
  }
}

/** As `kubectl` writes objects, with the namespace between: `pod/shop/api-1`. */
function targetOf({ target, cluster }: TriggerOptions) {
  const within = cluster === undefined ? {} : { cluster };
  if (target === undefined) return cluster === undefined ? undefined : within;
  const [kind, ...rest] = target.split("/");
  const [namespace, name] = rest.length === 1 ? [undefined, rest[0]] : rest;
  if (!kind || !name || rest.length > 2) {
    throw new RemoteError(`--target ${target} is not of the form kind/namespace/name, or kind/name`);
  }
  return { ...within, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

const sinksOf = ({ sinks }: TriggerOptions) => {
  if (sinks === undefined || sinks === true) return {};
  return { sinks: sinks === false ? [] : sinks };
};

async function ended(first: unknown, until: number, ask: AskServer): Promise<unknown> {
  let answer = first;
  for (let run = runSchema.parse(answer); isUnderWay(run) && Date.now() < until; run = runSchema.parse(answer)) {
    await sleep(Math.min(pollMilliseconds, Math.max(0, until - Date.now())));
    answer = await ask(`/api/runs/${run.run}`);
  }
  return answer;
}

function print(answer: unknown, { json = false }: TriggerOptions): void {
  const run: Run = runSchema.parse(answer);
  console.log(json ? JSON.stringify(answer, undefined, 2) : runText(run, { colour: process.stdout.isTTY === true }));
  if (run.state !== "done") process.exitCode = isUnderWay(run) ? underWay : failed;
}
