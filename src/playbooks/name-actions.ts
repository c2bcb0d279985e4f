/** Which action a name means: a built-in one, or one of a repository. */
import type { BundleExport } from "../bundles/load-bundle.ts";
import type { Problem } from "../errors.ts";
import { quoted } from "../tools/did-you-mean.ts";
import { type AnyAction, isAction } from "./action.ts";
import type { LocatedPlaybook } from "./load.ts";
import { isPlaybook } from "./playbook.ts";

export interface LocatedExport extends BundleExport {
  /** The name of its repository in the configuration. */
  readonly repository: string;
  /** Where it is defined: the module's file, with the line where that is known. */
  readonly at: string;
}

export interface Named {
  /** Each name once. */
  readonly actions: readonly AnyAction[];
  readonly playbooks: readonly LocatedPlaybook[];
  readonly problems: readonly Problem[];
}

/** A repository of one of these names takes the place of all built-in actions; the second is the model's. */
const defaultRepositories: ReadonlySet<string> = new Set(["cortado_playbooks", "robusta_playbooks"]);
export const isDefaultRepository = (name: string) => defaultRepositories.has(name);

/** A user's action takes the place of a built-in one of its name where it says so; two users' actions of one name are a mistake. */
export function nameActions(builtinActions: readonly AnyAction[], exports: readonly LocatedExport[]): Named {
  const { defaults = [], own = [] } = Object.groupBy(exports, ({ repository }) =>
    isDefaultRepository(repository) ? "defaults" : "own",
  );
  const fallback = defaults.length > 0 ? [] : builtinActions;
  const actions = new Map(fallback.map((action) => [action.name, action]));
  const problems: Problem[] = [];
  const take = (items: readonly LocatedExport[], replaceable: ReadonlySet<string>) => {
    const places = new Map<string, string>();
    for (const { value, at } of items) {
      if (!isAction(value)) continue;
      const message = whyNot(value, places.get(value.name), replaceable);
      if (message !== undefined) problems.push({ at, message });
      else {
        places.set(value.name, at);
        actions.set(value.name, value);
      }
    }
  };
  take(defaults, new Set());
  take(own, new Set(actions.keys()));
  const playbooks = exports.flatMap(({ value, name, at }) =>
    isPlaybook(value) ? [{ playbook: value, exportName: name, at }] : [],
  );
  return { actions: [...actions.values()], playbooks, problems };
}

function whyNot(
  { name, override }: AnyAction,
  other: string | undefined,
  replaceable: ReadonlySet<string>,
): string | undefined {
  if (other !== undefined) return `An action ${quoted(name)} is already defined in ${other}; rename one of them.`;
  if (override || !replaceable.has(name)) return undefined;
  return `${quoted(name)} is the name of a built-in action; rename yours, or write \`override: true\` in it to take the other's place.`;
}
