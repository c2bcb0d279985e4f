/** Pushed repositories: which bundle is live under which name, and which were before it. The bundles themselves are in the bundle store. */
import { randomUUID } from "node:crypto";
import { pushedKey, pushedPartition } from "./keys.ts";
import type { PushedRepositories, PushedRepository, PushedVersion } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, numberOf, textOf } from "./values.ts";

const HISTORY = 20;
const REPOSITORIES_AT_ONCE = 100;

export function createPushedRepositories({ table }: { readonly table: Table }): PushedRepositories {
  const get = async (name: string) => {
    const item = await table.get(pushedKey(name));
    return item && { token: textOf(item, "token"), ...repositoryOf(item) };
  };
  return {
    async list() {
      const found: PushedRepository[] = [];
      let after: string | undefined;
      do {
        const page = await table.query({ pk: pushedPartition, limit: REPOSITORIES_AT_ONCE, after });
        found.push(...page.items.map(repositoryOf));
        after = page.next;
      } while (after !== undefined);
      return found.filter(({ live }) => live !== undefined);
    },

    async get(name) {
      const found = await get(name);
      if (found === undefined) return undefined;
      const { token: _, ...repository } = found;
      return repository;
    },

    async move(name, revision, live) {
      const before = await get(name);
      if ((before?.revision ?? 0) !== revision) return "conflict";
      // Tells our own write from another's, where its answer is lost and the SDK writes it again.
      const token = randomUUID();
      const history = [before?.live, ...(before?.history ?? [])].filter((version) => version !== undefined);
      const moved = await table.put(
        {
          ...pushedKey(name),
          name,
          revision: revision + 1,
          ...(live === undefined ? {} : { live: JSON.stringify(live) }),
          history: JSON.stringify(history.slice(0, HISTORY)),
          token,
        },
        { condition: "attribute_not_exists(#pk) OR #revision = :before", values: { before: revision } },
      );
      return moved || (await get(name))?.token === token ? "moved" : "conflict";
    },
  };
}

function repositoryOf(item: Item): PushedRepository {
  const live = textOf(item, "live");
  const history: PushedVersion[] = JSON.parse(textOf(item, "history") ?? "[]");
  return {
    name: textOf(item, "name") ?? "",
    revision: numberOf(item, "revision") ?? 0,
    live: live === undefined ? undefined : JSON.parse(live),
    history,
  };
}
