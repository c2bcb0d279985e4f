/** What the API's description is made of. */
import * as z from "zod";

export type Data = Readonly<Record<string, unknown>>;

export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const body = (name: string) => ({ "application/json": { schema: ref(name) } });
export const answer = (description: string, name: string, headers: Data = {}) => ({
  description,
  content: body(name),
  ...(Object.keys(headers).length === 0 ? {} : { headers }),
});
export const text = { schema: { type: "string" } };
export const location = { Location: { ...text, description: "The run's URL" } };

export const refusals: Readonly<Record<number, string>> = {
  400: "It cannot be read",
  401: "No credential, or a wrong one",
  403: "The credential may not do this",
  404: "There is nothing of that name, or nothing that the credential may see",
  409: "It has ended",
  413: "More than 10 MiB",
  422: "It can be read and not be followed: every problem at once",
  503: "Not now: come again, after `Retry-After`",
};

export const refused = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: refusals[status],
        content: { "application/problem+json": { schema: ref("Problem") } },
        ...(status === 503 ? { headers: { "Retry-After": { ...text, description: "Seconds" } } } : {}),
      },
    ]),
  );

export const inPath = (name: string, description: string) => ({
  name,
  in: "path",
  required: true,
  description,
  ...text,
});
export const inHeader = (name: string, description: string) => ({ name, in: "header", description, ...text });

export function schemaOf(schema: z.ZodType): Data {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return json;
}
