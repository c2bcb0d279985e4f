/** Reading cortado.yaml: its shape, its references, and where everything stands. What the names in it mean is the loader's. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type * as z from "zod";
import { didYouMean, quoted } from "../did-you-mean.ts";
import { ConfigurationError, type Problem } from "../errors.ts";
import { createScrubber, type Scrubber } from "../scrub.ts";
import {
  installationKeys,
  playbookSchema,
  runnerKeys,
  type Section,
  type SectionName,
  sections,
  type tokenSchema,
} from "./configuration-schema.ts";
import { at, check, startsWith, without, withoutUnknown } from "./params.ts";
import { type ReferenceSources, resolveReferences } from "./references.ts";
import { type Path, readYaml, type YamlSource } from "./yaml-source.ts";

export interface Configuration {
  readonly clusterName: string | undefined;
  readonly clusters: Section<"clusters">;
  readonly clusterLabel: string | undefined;
  readonly repositories: readonly RepositoryEntry[];
  /** In the order in which they run; the disabled ones are left out. */
  readonly playbooks: readonly PlaybookEntry[];
  readonly sinks: readonly NamedEntry[];
  readonly globalConfig: Readonly<Record<string, unknown>>;
  readonly alertRelabel: Section<"alertRelabel">;
  /** `4h`, or `never`. */
  readonly alertRepeat: string;
  readonly lightActions: readonly string[];
  readonly tokens: readonly TokenEntry[];
  readonly origin: Origin;
}

export interface RepositoryEntry {
  readonly name: string;
  readonly url: string;
  readonly at: string;
}

export interface TokenEntry {
  readonly name: string;
  readonly sha256: string;
  readonly scopes?: readonly string[];
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
}

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

/** Where the configuration came from: to locate problems, and to read what was left for later. */
export interface Origin {
  readonly source: YamlSource;
  readonly scrubber: Scrubber;
  /** The paths of strings in which references are left. */
  readonly unresolved: readonly Path[];
  readonly notices: readonly Problem[];
  readonly globalConfigPath: Path;
}

export interface ConfigurationOptions {
  /** As it is named in problems, and what relative paths in `{{ file… }}` are relative to. */
  readonly file: string;
  /** Where `{{ env.NAME }}` is looked up. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly readFile?: (path: string) => string;
  /** Learns every value that a reference brings in. */
  readonly scrubber?: Scrubber;
  /** `assume`: nothing is read, and fields with references are taken to be right. For checking without the secrets. */
  readonly references?: "read" | "assume";
}

/** Throws a ConfigurationError with every problem of the file's shape. */
export function readConfiguration(text: string, options: ConfigurationOptions): Configuration {
  const { configuration, problems } = parseConfiguration(text, options);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return configuration;
}

/** As `readConfiguration`, with what could be read beside the problems, so that the rest can be checked too. */
export function parseConfiguration(
  text: string,
  options: ConfigurationOptions,
): { readonly configuration: Configuration; readonly problems: Problem[] } {
  const { source, problems: syntax } = readYaml(text, options.file);
  const scrubber = options.scrubber ?? createScrubber();
  const resolved = resolveReferences(
    source,
    options.references === "assume" ? undefined : sourcesOf(options, scrubber),
  );
  const reader = new SectionReader(source, resolved.value ?? {}, resolved.unresolved);
  reader.problems.push(...syntax, ...resolved.problems);
  const configuration = readSections(reader, scrubber);
  return { configuration, problems: presentable(reader.problems, scrubber) };
}

function sourcesOf(options: ConfigurationOptions, scrubber: Scrubber): ReferenceSources {
  const folder = dirname(options.file);
  const readFile = options.readFile ?? ((path: string) => readFileSync(path, "utf8"));
  return { env: options.env ?? {}, readFile: (path) => readFile(resolve(folder, path)), scrubber };
}

function readSections(reader: SectionReader, scrubber: Scrubber): Configuration {
  reader.checkKeys();
  const global = reader.read("globalConfig") ?? {};
  const repositories = Object.entries(reader.read("playbookRepos") ?? {});
  return {
    clusterName: reader.read("clusterName") ?? clusterNameOfModel(global),
    clusters: reader.read("clusters") ?? [],
    clusterLabel: reader.read("clusterLabel"),
    repositories: repositories.map(([name, { url }]) => ({
      name,
      url,
      at: reader.locate(["playbookRepos", name, "url"]),
    })),
    playbooks: playbooksInOrder(reader),
    sinks: reader.namedList(["sinksConfig"], reader.read("sinksConfig") ?? [], "sink"),
    globalConfig: global,
    alertRelabel: reader.read("alertRelabel") ?? [],
    alertRepeat: reader.read("alertRepeat") ?? "never",
    lightActions: reader.read("lightActions") ?? [],
    tokens: (reader.read("auth")?.tokens ?? []).map(withoutNulls),
    origin: {
      source: reader.source,
      scrubber,
      unresolved: reader.unresolved,
      notices: reader.notices,
      globalConfigPath: reader.pathOf("globalConfig"),
    },
  };
}

/** Robusta's own file has the cluster's name in there. */
const clusterNameOfModel = ({ cluster_name: name }: Readonly<Record<string, unknown>>) =>
  typeof name === "string" ? name : undefined;

/** The custom ones, those named, the builtin ones that are not disabled. */
function playbooksInOrder(reader: SectionReader): PlaybookEntry[] {
  const disabled = new Set(reader.read("disabledPlaybooks") ?? []);
  const builtin = reader.playbookList("builtinPlaybooks");
  for (const [index, name] of [...disabled].entries()) {
    if (builtin.some((playbook) => playbook.name === name)) continue;
    const hint = didYouMean(
      name,
      builtin.flatMap((playbook) => playbook.name ?? []),
    );
    reader.notice(["disabledPlaybooks", index], `There is no builtin playbook ${quoted(name)} to disable${hint}`);
  }
  return [
    ...reader.playbookList("customPlaybooks"),
    ...reader.namedPlaybooks("namedCustomPlaybooks"),
    ...builtin.filter(({ name }) => name === undefined || !disabled.has(name)),
  ];
}

/** Reads one section after the other, so that a problem in one does not hide those of the next. */
class SectionReader {
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

  playbookList(section: "customPlaybooks" | "builtinPlaybooks"): PlaybookEntry[] {
    const path = this.pathOf(section);
    const value = at(this.#value, path) ?? [];
    if (Array.isArray(value)) return value.flatMap((item, index) => this.#playbook(item, [...path, index]));
    this.problem(path, `${quoted(section)} is a list of playbooks, each beginning with a dash.`);
    return [];
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
    const playbook = this.#check(playbookSchema, value, path, "A playbook");
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

function severalKeys(what: string, name: string | undefined, more: readonly string[]): string {
  const article = what === "action" ? "An" : "A";
  if (name === undefined) return `${article} ${what} is a map with one key, its name.`;
  const rest = more.map(quoted).join(", ");
  return `${article} ${what} is a map with one key, its name; indent ${rest} further if it belongs to ${quoted(name)}, or put a dash before it.`;
}

function withoutNulls(token: z.output<typeof tokenSchema>): TokenEntry {
  const { name, sha256, scopes, clusters, namespaces } = token;
  return {
    name,
    sha256: sha256.toLowerCase(),
    ...(scopes ? { scopes } : {}),
    ...(clusters ? { clusters } : {}),
    ...(namespaces ? { namespaces } : {}),
  };
}

/** By line and column, as a reader of the file meets them, without the values of references. */
export function presentable(problems: readonly Problem[], scrubber: Scrubber): Problem[] {
  const position = ({ at: place }: Problem) => {
    const [, line = "0", column = "0"] = /:(\d+):(\d+)$/.exec(place) ?? [];
    return Number(line) * 10_000 + Number(column);
  };
  const sorted = [...problems].sort((a, b) => position(a) - position(b));
  return sorted.map(({ at: place, message }) => ({ at: place, message: scrubber.scrub(message) }));
}
