/** Reads the sections of a configuration one after the other, so that a problem in one does not hide those of the next. */
import type * as z from "zod";
import type { RepositorySource } from "../bundles/sources/sources.ts";
import type { Problem } from "../errors.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import {
  installationKeys,
  playbookSchema,
  repositoryName,
  repositorySchema,
  runnerKeys,
  type Section,
  type SectionName,
  sections,
} from "./configuration-schema.ts";
import { at, check, startsWith, without, withoutUnknown } from "./params.ts";
import type { Path, YamlSource } from "./yaml-source.ts";

/** A name with its params, as written: a trigger, an action or a sink. */
export interface NamedEntry {
  readonly name: string;
  readonly params: unknown;
  /** Where the params are. */
  readonly path: Path;
}

export interface PlaybookEntry {
  readonly name: string | undefined;
  readonly path: Path;
  readonly triggers: readonly NamedEntry[];
  readonly actions: readonly NamedEntry[];
  readonly sinks: readonly string[] | undefined;
  readonly stop: boolean;
}

const builtinSections: readonly PropertyKey[] = [
  "priorityBuiltinPlaybooks",
  "builtinPlaybooks",
] satisfies SectionName[];

export const isBuiltin = ({ path: [section] }: Pick<PlaybookEntry, "path">): boolean =>
  section !== undefined && builtinSections.includes(section);

export class SectionReader {
  readonly problems: Problem[] = [];
  readonly notices: Problem[] = [];
  readonly source: YamlSource;
  readonly unresolved: readonly Path[];
  readonly #value: unknown;

  constructor(source: YamlSource, value: unknown, unresolved: readonly Path[]) {
    this.source = source;
    this.#value = value;
    this.unresolved = unresolved;
  }

  checkKeys(): void {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.problem([], "The configuration is a map of sections: customPlaybooks, sinksConfig, ….");
      return;
    }
    for (const key of Object.keys(value)) this.#checkKey(key);
  }

  #checkKey(key: string): void {
    const section = runnerKeys[key] ?? key;
    if (section !== key && at(this.#value, [section]) !== undefined) {
      this.problem([key], `${quoted(key)} is another name of ${quoted(section)}; keep one of them.`, "key");
    }
    if (Object.hasOwn(sections, section)) return;
    if (installationKeys.has(key)) {
      this.notice([key], `${quoted(key)} configures Robusta's installation and is ignored.`);
      return;
    }
    this.problem([key], `There is no section ${quoted(key)}${didYouMean(key, Object.keys(sections))}`, "key");
  }

  /** Undefined where the section is absent, empty or wrong. Playbooks are read one by one instead. */
  read<K extends SectionName>(section: K): Section<K> | undefined {
    const path = this.pathOf(section);
    const value = at(this.#value, path);
    if (value === undefined || value === null) return undefined;
    // The indexed type is the union of all sections to the compiler.
    return this.#check(sections[section] as unknown as z.ZodType<Section<K>>, value, path, quoted(section));
  }

  playbookList(section: "priorityBuiltinPlaybooks" | "customPlaybooks" | "builtinPlaybooks"): PlaybookEntry[] {
    const path = this.pathOf(section);
    const value = at(this.#value, path) ?? [];
    if (Array.isArray(value)) return value.flatMap((item, index) => this.#playbook(item, [...path, index]));
    this.problem(path, `${quoted(section)} is a list of playbooks, each beginning with a dash.`);
    return [];
  }

  /** One by one, so that a wrong one does not cost the others. */
  repositories(section: "playbookRepos"): { readonly source: RepositorySource; readonly path: Path }[] {
    const path = this.pathOf(section);
    const value = at(this.#value, path) ?? {};
    if (typeof value !== "object" || Array.isArray(value)) {
      this.problem(path, `${quoted(section)} is a map of names to repositories.`);
      return [];
    }
    return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => this.#repository(name, inner, path));
  }

  #repository(name: string, inner: unknown, section: Path) {
    const path = [...section, name];
    const named = check(repositoryName, name, name);
    if (!named.ok) for (const { message } of named.refusals) this.problem(path, message, "key");
    const repository = this.#check(repositorySchema, inner, path, `the repository ${quoted(name)}`);
    if (named.ok && this.#unresolvedUnder(path).length > 0) {
      this.notice(path, `The repository ${quoted(name)} is not looked into: what it refers to is not there.`);
      return [];
    }
    if (!named.ok || repository === undefined) return [];
    for (const key of ["pip_install", "build_isolation"] as const) {
      if (repository[key] != null) this.notice([...path, key], `${quoted(key)} is about Python, and is ignored.`);
    }
    if (repository.url.startsWith("http:")) {
      this.notice(
        [...path, "url"],
        "What comes over http:// can be changed on its way, and it is code; give https:// where you can.",
      );
    }
    return [{ source: sourceOf(name, repository), path: [...path, "url"] }];
  }

  /** How many entries a map has. */
  sizeOf(section: SectionName): number {
    return Object.keys(at(this.#value, this.pathOf(section)) ?? {}).length;
  }

  namedPlaybooks(section: "namedCustomPlaybooks"): PlaybookEntry[] {
    const value = at(this.#value, [section]) ?? {};
    if (typeof value !== "object" || Array.isArray(value)) {
      this.problem([section], `${quoted(section)} is a map of names to playbooks.`);
      return [];
    }
    return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const items = Array.isArray(inner)
        ? inner.map((item, index) => ({ item, path: [section, name, index] }))
        : [{ item: inner, path: [section, name] }];
      return items.flatMap(({ item, path }) => this.#playbook(item, path, name));
    });
  }

  #playbook(value: unknown, path: Path, name?: string): PlaybookEntry[] {
    const playbook = this.#check(playbookSchema, value, path, "a playbook");
    if (playbook === undefined) return [];
    const before = this.problems.length;
    const triggers = this.namedList([...path, "triggers"], playbook.triggers, "trigger");
    const actions = this.namedList([...path, "actions"], playbook.actions, "action");
    // A playbook is never loaded in part.
    if (this.problems.length > before) return [];
    const { sinks, stop } = playbook;
    return [{ name: playbook.name ?? name, path, triggers, actions, sinks: sinks ?? undefined, stop: stop ?? false }];
  }

  /** A list of maps with one key each. */
  namedList(path: Path, items: readonly Readonly<Record<string, unknown>>[], what: string): NamedEntry[] {
    return items.flatMap((item, index) => {
      const [name, ...more] = Object.keys(item);
      if (name !== undefined && more.length === 0) {
        return [{ name, params: item[name] ?? {}, path: [...this.#real(path), index, name] }];
      }
      this.problem([...path, index, ...more.slice(0, 1)], severalKeys(what, name, more), "key");
      return [];
    });
  }

  /** The value if the schema takes it. What is behind references that are not resolved is not judged, and left out where it can be. */
  #check<T>(schema: z.ZodType<T>, value: unknown, path: Path, what: string): T | undefined {
    const checked = check(schema, value, what);
    if (checked.ok) return checked.value;
    const known = withoutUnknown(checked.refusals, this.#unresolvedUnder(path));
    for (const { path: inner, message, part } of known) this.problem([...path, ...inner], message, part);
    if (known.length > 0) return undefined;
    const rest = checked.refusals.reduce((data, { path: inner }) => without(data, inner), value);
    const again = check(schema, rest, what);
    return again.ok ? again.value : undefined;
  }

  #unresolvedUnder(path: Path): Path[] {
    return this.unresolved
      .filter((reference) => startsWith(reference, path))
      .map((reference) => reference.slice(path.length));
  }

  problem(path: Path, message: string, part?: "key" | "value"): void {
    this.problems.push({ at: this.locate(path, part), message });
  }

  notice(path: Path, message: string): void {
    this.notices.push({ at: this.locate(path, "key"), message });
  }

  locate(path: Path, part?: "key" | "value"): string {
    return this.source.locate(this.#real(path), part);
  }

  /** The path as the file has it, which may have a section under its other name. */
  #real([section, ...rest]: Path): Path {
    return section === undefined ? [] : [...this.pathOf(String(section)), ...rest];
  }

  pathOf(section: string): Path {
    if (at(this.#value, [section]) !== undefined) return [section];
    const alias = Object.keys(runnerKeys).find(
      (key) => runnerKeys[key] === section && at(this.#value, [key]) !== undefined,
    );
    return [alias ?? section];
  }
}

/** What is empty in Helm values is not there. */
function sourceOf(name: string, repository: z.output<typeof repositorySchema>): RepositorySource {
  const { url, key, branch, commit, known_hosts: knownHosts, poll_seconds: pollSeconds } = repository;
  const { http_headers: headers } = repository;
  return {
    name,
    url,
    ...(key ? { key } : {}),
    ...(branch ? { branch } : {}),
    ...(commit ? { commit } : {}),
    ...(headers ? { headers } : {}),
    ...(knownHosts ? { knownHosts } : {}),
    ...(pollSeconds == null ? {} : { pollSeconds }),
  };
}

function severalKeys(what: string, name: string | undefined, more: readonly string[]): string {
  const article = what === "action" ? "An" : "A";
  if (name === undefined) return `${article} ${what} is a map with one key, its name.`;
  const rest = more.map(quoted).join(", ");
  return `${article} ${what} is a map with one key, its name; indent ${rest} further if it belongs to ${quoted(name)}, or put a dash before it.`;
}
