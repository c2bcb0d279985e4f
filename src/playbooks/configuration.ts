/** Reading cortado.yaml: its shape, its references, and where everything stands. What the names in it mean is the loader's. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type * as z from "zod";
import type { Token } from "../auth/authenticate.ts";
import type { Principal } from "../auth/principal.ts";
import type { Signer } from "../auth/signature.ts";
import { secretsOf } from "../bundles/sources/address.ts";
import type { RepositorySource } from "../bundles/sources/sources.ts";
import { ConfigurationError, type Problem } from "../errors.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import { createScrubber, type Scrubber } from "../tools/scrub.ts";
import type { principalSchema, Section } from "./configuration-schema.ts";
import { type Defaults, withDefaults } from "./defaults.ts";
import { modelPlaybooks } from "./model-names.ts";
import { presentable } from "./problems.ts";
import { type ReferenceSources, resolveReferences } from "./references.ts";
import { type NamedEntry, type PlaybookEntry, SectionReader } from "./section-reader.ts";
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
  readonly tokens: readonly Token[];
  readonly signers: readonly Signer[];
  readonly origin: Origin;
}

export interface RepositoryEntry extends RepositorySource {
  /** Where its URL is. */
  readonly at: string;
}

/** Where the configuration came from: to locate problems, and to read what was left for later. */
export interface Origin {
  readonly source: YamlSource;
  readonly scrubber: Scrubber;
  /** The paths of strings in which references are left. */
  readonly unresolved: readonly Path[];
  readonly notices: readonly Problem[];
  readonly globalConfigPath: Path;
  /** A repository is left out, as its entry is wrong. */
  readonly incomplete: boolean;
}

export interface ConfigurationOptions {
  /** As it is named in problems, and what relative paths in `{{ file… }}` are relative to. */
  readonly file: string;
  /** Where `{{ env.NAME }}` is looked up. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly readFile?: (path: string) => string;
  /** Learns every value that a reference brings in. */
  readonly scrubber?: Scrubber;
  /** What stands where the file leaves a section out; default nothing. */
  readonly defaults?: (env: Readonly<Record<string, string | undefined>>) => Defaults;
  /** `assume`: what is missing is taken to be there, and the fields that hold it to be right. For checking without the secrets. */
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
  const { source: written, problems: syntax } = readYaml(text, options.file);
  const source = withDefaults(written, options.defaults?.(options.env ?? {}) ?? {});
  const scrubber = options.scrubber ?? createScrubber();
  const resolved = resolveReferences(source, sourcesOf(options, scrubber));
  const reader = new SectionReader(source, resolved.value ?? {}, resolved.unresolved);
  reader.problems.push(...syntax, ...resolved.problems);
  const configuration = readSections(reader, scrubber);
  return { configuration, problems: presentable(reader.problems, scrubber) };
}

function sourcesOf(options: ConfigurationOptions, scrubber: Scrubber): ReferenceSources {
  const folder = dirname(options.file);
  const readFile = options.readFile ?? ((path: string) => readFileSync(path, "utf8"));
  return {
    env: options.env ?? {},
    readFile: (path) => readFile(resolve(folder, path)),
    scrubber,
    assumeMissing: options.references === "assume",
  };
}

function readSections(reader: SectionReader, scrubber: Scrubber): Configuration {
  reader.checkKeys();
  const global = reader.read("globalConfig") ?? {};
  const before = reader.problems.length;
  const repositories = reader.repositories("playbookRepos");
  for (const { source } of repositories) for (const secret of secretsOf(source)) scrubber.add(secret);
  const incomplete = reader.problems.length > before || repositories.length < reader.sizeOf("playbookRepos");
  return {
    clusterName: reader.read("clusterName") ?? clusterNameOfModel(global),
    clusters: reader.read("clusters") ?? [],
    clusterLabel: reader.read("clusterLabel"),
    repositories: repositories
      .filter(({ source }) => source.url !== modelDefaults)
      .map(({ source, path }) => ({ ...source, at: reader.locate(path) })),
    playbooks: playbooksInOrder(reader),
    sinks: reader.namedList(["sinksConfig"], reader.read("sinksConfig") ?? [], "sink"),
    globalConfig: global,
    alertRelabel: reader.read("alertRelabel") ?? [],
    alertRepeat: reader.read("alertRepeat") ?? "never",
    lightActions: reader.read("lightActions") ?? [],
    ...credentialsOf(reader),
    origin: {
      source: reader.source,
      scrubber,
      unresolved: reader.unresolved,
      notices: reader.notices,
      globalConfigPath: reader.pathOf("globalConfig"),
      incomplete,
    },
  };
}

/** Where Robusta has its own actions: for its users the built-in ones, as they are. */
const modelDefaults = "file:///etc/robusta/playbooks/defaults";

/** Robusta's own file has the cluster's name in there. */
const clusterNameOfModel = ({ cluster_name: name }: Readonly<Record<string, unknown>>) =>
  typeof name === "string" ? name : undefined;

/** The priority ones, the custom ones, those named, the builtin ones; without the builtin ones that are disabled. */
function playbooksInOrder(reader: SectionReader): PlaybookEntry[] {
  const disabled = reader.read("disabledPlaybooks") ?? [];
  const priority = reader.playbookList("priorityBuiltinPlaybooks");
  const builtin = reader.playbookList("builtinPlaybooks");
  checkDisabled(disabled, [...priority, ...builtin], reader);
  const enabled = ({ name }: PlaybookEntry) => name === undefined || !disabled.includes(name);
  return [
    ...priority.filter(enabled),
    ...reader.playbookList("customPlaybooks"),
    ...reader.namedPlaybooks("namedCustomPlaybooks"),
    ...builtin.filter(enabled),
  ];
}

function checkDisabled(disabled: readonly string[], builtin: readonly PlaybookEntry[], reader: SectionReader): void {
  const names = builtin.flatMap(({ name }) => name ?? []);
  for (const [index, name] of disabled.entries()) {
    if (names.includes(name)) continue;
    const path = ["disabledPlaybooks", index];
    if (modelPlaybooks.has(name)) reader.notice(path, `${quoted(name)} does not run here anyway.`);
    else reader.problem(path, `There is no builtin playbook ${quoted(name)} to disable${didYouMean(name, names)}`);
  }
}

function credentialsOf(reader: SectionReader): Pick<Configuration, "tokens" | "signers"> {
  const { tokens, signers } = reader.read("auth") ?? {};
  const names = new Set<string>();
  for (const [list, entries] of Object.entries({ tokens: tokens ?? [], signers: signers ?? [] })) {
    for (const [index, { name }] of entries.entries()) {
      if (names.has(name))
        reader.problem(["auth", list, index, "name"], `Another credential is called ${quoted(name)} already.`);
      names.add(name);
    }
  }
  return {
    tokens: (tokens ?? []).map((token) => ({ ...principalOf(token), sha256: token.sha256.toLowerCase() })),
    signers: (signers ?? []).map((signer) => ({ ...principalOf(signer), key: signer.key })),
  };
}

function principalOf({ name, scopes, clusters, namespaces }: z.output<typeof principalSchema>): Principal {
  return {
    name,
    ...(scopes ? { scopes } : {}),
    ...(clusters ? { clusters } : {}),
    ...(namespaces ? { namespaces } : {}),
  };
}
