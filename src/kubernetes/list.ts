/** Lists in pages. https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
import * as z from "zod";
import { ClusterError } from "../errors.ts";
import type { Kind } from "./kinds.ts";
import type { ListOptions } from "./kubernetes.ts";

const pageSize = 500;

const Page = z.object({
  apiVersion: z.string().optional(),
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(z.custom<object>((item) => typeof item === "object" && item !== null)).nullable(),
});

type Query = Readonly<Record<string, string | number | undefined>>;

/** The objects of all pages, as they are; what the server says once for all of them, their kind, each of them says too. */
export async function listAll(
  kind: Kind,
  page: (query: Query) => Promise<object>,
  options: ListOptions,
): Promise<object[]> {
  const { labelSelector, fieldSelector, limit = Number.POSITIVE_INFINITY } = options;
  const selectors = { labelSelector, fieldSelector };
  const items: object[] = [];
  let token: string | undefined;
  do {
    const size = Math.min(pageSize, limit - items.length);
    const next = await pageOrExpired(page({ ...selectors, limit: size, continue: token }));
    if (next === undefined) {
      // The snapshot that the pages come from is gone (after some five minutes): all at once, as client-go does it.
      return itemsOf(kind, Page.parse(await page(selectors))).slice(0, limit);
    }
    items.push(...itemsOf(kind, next));
    token = next.metadata?.continue || undefined;
  } while (token !== undefined && items.length < limit);
  return items.slice(0, limit);
}

const itemsOf = (kind: Kind, { apiVersion, items }: z.output<typeof Page>): object[] =>
  (items ?? []).map((item) => ({ ...(apiVersion === undefined ? {} : { apiVersion }), kind, ...item }));

async function pageOrExpired(answer: Promise<object>): Promise<z.infer<typeof Page> | undefined> {
  try {
    return Page.parse(await answer);
  } catch (error) {
    if (error instanceof ClusterError && error.code === 410) return undefined;
    throw error;
  }
}
