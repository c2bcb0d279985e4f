/** Lists in pages. https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
import * as z from "zod";
import { ClusterError } from "../errors.ts";
import type { ListOptions } from "./kubernetes.ts";

const pageSize = 500;

/** Items are passed through as they are. */
const Page = z.object({
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(z.custom<object>((item) => typeof item === "object" && item !== null)).nullable(),
});

type Query = Readonly<Record<string, string | number | undefined>>;

export async function listAll(page: (query: Query) => Promise<object>, options: ListOptions): Promise<object[]> {
  const { labelSelector, fieldSelector, limit = Number.POSITIVE_INFINITY } = options;
  const selectors = { labelSelector, fieldSelector };
  const items: object[] = [];
  let token: string | undefined;
  do {
    const size = Math.min(pageSize, limit - items.length);
    const next = await pageOrExpired(page({ ...selectors, limit: size, continue: token }));
    if (next === undefined) {
      // The snapshot that the pages come from is gone (after some five minutes): all at once, as client-go does it.
      const all = Page.parse(await page(selectors)).items ?? [];
      return all.slice(0, limit);
    }
    items.push(...(next.items ?? []));
    token = next.metadata?.continue || undefined;
  } while (token !== undefined && items.length < limit);
  return items.slice(0, limit);
}

async function pageOrExpired(answer: Promise<object>): Promise<z.infer<typeof Page> | undefined> {
  try {
    return Page.parse(await answer);
  } catch (error) {
    if (error instanceof ClusterError && error.code === 410) return undefined;
    throw error;
  }
}
