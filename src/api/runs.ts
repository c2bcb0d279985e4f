/** What became of runs: `GET /api/runs` and `GET /api/runs/{id}`. */
import type { Context } from "hono";
import { isValid } from "ulid";
import * as z from "zod";
import { type Principal, requireRead } from "../auth/principal.ts";
import { callerOf } from "../caller.ts";
import { InvalidRequestError, NotFoundError } from "../errors.ts";
import { check, pathText } from "../playbooks/params.ts";
import { type RunRecord, runStates } from "../playbooks/run-record.ts";
import type { ApiServices } from "./api.ts";
import { maySee } from "./permission.ts";
import { answerOf, type ListedRun, listed } from "./run-answer.ts";
import { asOfNow } from "./wait.ts";

export async function showRun(c: Context, services: ApiServices): Promise<Response> {
  const { principal } = await callerOf(c, services);
  const records = await recordsOf(c.req.param("id") ?? "", principal, services);
  return c.json(answerOf(records));
}

export type Records = readonly [RunRecord, ...RunRecord[]];

/** The records of a run that the principal may see. Throws a NotFoundError. */
export async function recordsOf(id: string, principal: Principal, services: ApiServices): Promise<Records> {
  const [first, ...others] = isValid(id) ? await asOfNow(await services.runs.get(id), services) : [];
  // Whether there is one that it may not see is nothing that it may know.
  if (first === undefined || !maySee(principal, first)) {
    throw new NotFoundError(`There is no run ${JSON.stringify(id)}, or none that ${principal.name} may see`);
  }
  return [first, ...others];
}

const mostListed = 100;

export const listQuery = z.strictObject({
  limit: z.int().min(1).max(mostListed).default(20).describe("How many at most"),
  before: z
    .string()
    .refine((text) => isValid(text.split("#", 1)[0] ?? ""), "has to be a run, or `next` of an earlier answer")
    .optional()
    .describe("Only those before this run; `next` of the answer before"),
  playbook: z.string().optional().describe("Of this playbook; `~` and an action's name are those by hand"),
  state: z.enum(runStates).optional().describe("In this state"),
  cluster: z.string().optional().describe("About this cluster"),
});

export async function listRuns(c: Context, services: ApiServices): Promise<Response> {
  const { principal } = await callerOf(c, services);
  requireRead(principal);
  const checked = check(listQuery, c.req.query(), "the query");
  if (!checked.ok) {
    throw new InvalidRequestError(checked.refusals.map(({ path, message }) => ({ path: pathText(path), message })));
  }
  return c.json(await find(checked.value, principal, services));
}

/** What one request reads at most: where few are wanted among many, the caller goes on with `next`. */
const mostRead = 1_000;

interface Listing {
  readonly runs: readonly ListedRun[];
  /** Where to go on; absent at the end. */
  readonly next?: string;
}

async function find(
  { limit, before, ...wanted }: z.output<typeof listQuery>,
  principal: Principal,
  services: ApiServices,
): Promise<Listing> {
  const found: ListedRun[] = [];
  let last = before;
  for (let read = 0; read < mostRead; ) {
    const records = await services.runs.list({ limit: mostListed, ...(last === undefined ? {} : { before: last }) });
    const page = await asOfNow(records, services);
    for (const record of page) {
      last = `${record.id}#${record.playbook}`;
      if (isWanted(record, wanted) && maySee(principal, record)) found.push(listed(record));
      if (found.length === limit) return { runs: found, next: last };
    }
    if (page.length < mostListed) return { runs: found };
    read += page.length;
  }
  return { runs: found, ...(last === undefined ? {} : { next: last }) };
}

type Wanted = Pick<z.output<typeof listQuery>, "playbook" | "state" | "cluster">;

const isWanted = (record: RunRecord, { playbook, state, cluster }: Wanted): boolean =>
  (playbook === undefined || record.playbook === playbook) &&
  (state === undefined || record.state === state) &&
  (cluster === undefined || record.delivery.cluster === cluster);
