import * as z from "zod";
import { InvalidRequestError } from "../errors.ts";

export const rollbackSchema = z.strictObject({
  to: z
    .string()
    .regex(/^[0-9a-f]{4,64}$/, { error: "Give the first four or more hex digits of the version's SHA-256" })
    .optional(),
});

/** What a rollback is asked for with. Throws an InvalidRequestError. */
export function readRollback(body: unknown): { readonly to?: string } {
  const { data, error } = rollbackSchema.safeParse(body);
  if (data?.to !== undefined) return { to: data.to };
  if (data !== undefined) return {};
  throw new InvalidRequestError(error.issues.map(({ path, message }) => ({ path: path.join("."), message })));
}
