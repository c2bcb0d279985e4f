import type { Context } from "hono";
import { requireRead } from "../auth/principal.ts";
import { callerOf } from "../caller.ts";
import { isCortadoError } from "../errors.ts";
import type { ApiServices } from "./api.ts";

/** `GET /openapi.json`, for everybody; what actions there are is for who may read it. */
export async function describeApi(c: Context, services: ApiServices): Promise<Response> {
  const { openApiDocument } = await import("./openapi.ts");
  const actions = (await isReader(c, services)) ? services.actions : [];
  return c.json(openApiDocument(actions, { pushing: services.pushing !== undefined }));
}

async function isReader(c: Context, services: ApiServices): Promise<boolean> {
  try {
    requireRead((await callerOf(c, services)).principal);
    return true;
  } catch (error) {
    if (isCortadoError(error) && (error.status === 401 || error.status === 403)) return false;
    throw error;
  }
}
