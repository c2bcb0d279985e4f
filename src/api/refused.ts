/** What is told of invocations that were refused: to operators, as what was run is in its record. */
import type { Context } from "hono";
import { type Caller, callerOf } from "../caller.ts";
import { describeError, InvalidRequestError, isCortadoError } from "../errors.ts";
import type { ApiServices } from "./api.ts";

/** What was wanted, as far as it was understood. */
export interface Wanted {
  readonly principal?: string;
  readonly action?: string;
  readonly cluster?: string;
  /** `Pod shop/api-1` */
  readonly target?: string;
}

/** Of what is wrong with params only the places: they may hold secrets. What failed by our own fault is no refusal. */
export function refused(error: unknown, wanted: Wanted, { log, onRefused }: ApiServices): void {
  if (!isCortadoError(error) || error.status >= 500) return;
  const reason =
    error instanceof InvalidRequestError ? error.problems.map(({ path }) => path).join(", ") : describeError(error);
  log.warn("an invocation was refused", { ...wanted, status: error.status, reason });
  onRefused(error.status);
}

/** Who wants to run something. Throws as `callerOf` does. */
export async function invokerOf(c: Context, wanted: Wanted, services: ApiServices): Promise<Caller> {
  try {
    return await callerOf(c, services);
  } catch (error) {
    refused(error, wanted, services);
    throw error;
  }
}
