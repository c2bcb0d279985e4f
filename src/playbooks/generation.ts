/** A generation: one configuration with its bundles, named by their hash. What works a delivery is one generation, whole. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import packageJson from "../../package.json" with { type: "json" };
import type { BundleManifest } from "../bundles/bundle-manifest.ts";
import type { Bundle } from "../bundles/compile.ts";
import { type BundleExport, loadBundle } from "../bundles/load-bundle.ts";
import { obtainBundle } from "../bundles/obtain-bundle.ts";
import { buttonNotices, buttonsWithoutQueue } from "../buttons/apps.ts";
import { ConfigurationError, describeError, type Problem } from "../errors.ts";
import { severities } from "../findings/finding.ts";
import { quoted } from "../tools/did-you-mean.ts";
import type { AnyTrigger } from "../triggers/trigger.ts";
import { type AnyAction, isAction } from "./action.ts";
import type { SeverityMap } from "./base-finding.ts";
import {
  type Configuration,
  type ConfigurationOptions,
  parseConfiguration,
  type RepositoryEntry,
} from "./configuration.ts";
import { unusedGlobals } from "./global-config.ts";
import { host } from "./host.ts";
import { load, type SinkType, type SinkUse } from "./load.ts";
import type { Sources } from "./manifest.ts";
import { type LocatedExport, nameActions } from "./name-actions.ts";
import { check } from "./params.ts";
import { isPlaybook, type Playbook } from "./playbook.ts";
import { presentable } from "./problems.ts";
import { type PushedOptions, repositoriesOf } from "./pushed-repositories.ts";
import { readConfiguration } from "./read-configuration.ts";

export interface Generation {
  /** 16 hex digits, over the configuration's text, the bundles and Cortado's version. */
  readonly hash: string;
  readonly configuration: Configuration;
  readonly playbooks: readonly Playbook[];
  readonly sinks: readonly SinkUse[];
  /** The built-in ones and the users', each name once. */
  readonly actions: readonly AnyAction[];
  readonly triggers: readonly AnyTrigger[];
  /** `globalConfig.custom_severity_map`. */
  readonly severities: SeverityMap;
  /** What the user should know and what is no fault. */
  readonly notices: readonly Problem[];
  readonly bundles: readonly Bundle[];
}

export interface GenerationOptions extends ConfigurationOptions, PushedOptions {
  /** The configuration's text; read from `file` where absent. */
  readonly text?: string;
  readonly builtinActions: readonly AnyAction[];
  readonly triggers: readonly AnyTrigger[];
  readonly sinkTypes: ReadonlyMap<string, SinkType>;
  /** Where bundles are put. */
  readonly workDir: string;
  /** Where repositories that are elsewhere are fetched into; default a folder in `workDir`. */
  readonly fetchDir?: string;
  /** Told what it is made of, before any of it is compiled. */
  readonly onSources?: (sources: Sources) => void;
}

/** Throws a ConfigurationError with every problem of the configuration, its repositories and its playbooks. */
export async function loadGeneration(options: GenerationOptions): Promise<Generation> {
  const { generation, problems } = await collect(options);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return generation;
}

export interface CheckOptions extends Omit<GenerationOptions, "references"> {
  /** For a function that works what arrives while its sender waits. */
  readonly withoutQueue?: boolean;
}

/** What is wrong and what is worth knowing, without starting anything and without the secrets. */
export async function checkConfiguration({
  withoutQueue = false,
  ...options
}: CheckOptions): Promise<{ readonly problems: readonly Problem[]; readonly notices: readonly Problem[] }> {
  const { generation, problems } = await collect({ ...options, references: "assume" });
  const { notices, sinks } = generation;
  return withoutQueue
    ? { problems: [...problems, ...buttonsWithoutQueue(sinks)], notices }
    : { problems, notices: [...notices, ...buttonNotices(sinks)] };
}

async function collect(options: GenerationOptions): Promise<{ generation: Generation; problems: readonly Problem[] }> {
  const text = options.text ?? (await readConfiguration(options.file));
  const files = new Map<string, string>();
  const { configuration, problems } = parseConfiguration(text, { ...options, readFile: rememberingIn(files, options) });
  options.onSources?.({ files: [...files.keys()], repositories: configuration.repositories });
  const repositories = await loadRepositories(configuration, options);
  const named = nameActions(options.builtinActions, repositories.exports);
  const loaded = load(configuration, {
    triggers: options.triggers,
    actions: named.actions,
    sinkTypes: options.sinkTypes,
    typedPlaybooks: named.playbooks,
    incomplete: configuration.origin.incomplete || repositories.problems.length > 0,
  });
  const severityMap = severitiesOf(configuration);
  const { bundles } = repositories;
  const generation: Generation = {
    hash: hashOf(text, files, bundles),
    configuration,
    playbooks: loaded.playbooks,
    sinks: loaded.sinks,
    actions: named.actions,
    triggers: options.triggers,
    severities: severityMap.severities,
    notices: [...configuration.origin.notices, ...unusedGlobals(configuration, named.actions), ...repositories.notices],
    bundles,
  };
  const inFile = presentable([...problems, ...loaded.problems, ...severityMap.problems], configuration.origin.scrubber);
  return { generation, problems: [...inFile, ...repositories.problems, ...named.problems] };
}

/** Reads files as the options say, and keeps what was read: nothing of one that cannot be. */
function rememberingIn(
  files: Map<string, string>,
  { readFile = (file) => readFileSync(file, "utf8") }: GenerationOptions,
) {
  return (file: string): string => {
    files.set(file, "");
    const text = readFile(file);
    files.set(file, text);
    return text;
  };
}

function hashOf(text: string, files: ReadonlyMap<string, string>, bundles: readonly Bundle[]): string {
  const named = bundles.map(({ repository, sha256 }) => [repository, sha256]);
  return createHash("sha256")
    .update(JSON.stringify([packageJson.version, text, [...files], named]))
    .digest("hex")
    .slice(0, 16);
}

async function loadRepositories({ repositories }: Configuration, options: GenerationOptions) {
  const { workDir, bundles: compiled } = options;
  const bundles: Bundle[] = [];
  const exports: LocatedExport[] = [];
  const { configured, pushed, ...of } = await repositoriesOf(repositories, options);
  const problems: Problem[] = [...of.problems];
  const notices: Problem[] = [...of.notices];
  const add = async (bundle: Bundle, { name, at }: RepositoryEntry) => {
    bundles.push(bundle);
    try {
      const { manifest, exports: found } = await loadBundle(bundle, host);
      const own = found.filter(({ value }) => isAction(value) || isPlaybook(value));
      if (own.length === 0)
        notices.push({ at, message: `The repository ${quoted(name)} exports no action and no playbook.` });
      exports.push(...own.map((item) => ({ ...item, repository: name, at: placeOf(item, manifest, bundle) })));
    } catch (error) {
      problems.push({
        at,
        message: `The repository ${quoted(name)} failed as it was loaded: ${describeError(error)}.`,
      });
    }
  };
  const { env = {}, fetchDir = join(workDir, ".fetched") } = options;
  const obtained = configured.map(async (entry) => {
    const known = compiled?.find(({ repository, source }) => repository === entry.name && source === "configured");
    if (known !== undefined) return { entry, result: { bundle: known, problems: [], warnings: [] } };
    return { entry, result: await obtainBundle(entry, { workDir, fetchDir, host, env, at: entry.at }) };
  });
  for (const { entry, result } of await Promise.all(obtained)) {
    problems.push(...result.problems);
    notices.push(...result.warnings);
    if ("bundle" in result) await add(result.bundle, entry);
  }
  for (const { bundle, entry } of pushed) await add(bundle, entry);
  return { bundles, exports, problems, notices };
}

function placeOf({ module, value }: BundleExport, { actions }: BundleManifest, { url, repository, source }: Bundle) {
  const known = isAction(value) ? actions.find(({ name }) => name === value.name)?.at : undefined;
  return join(source === "pushed" ? repository : fileURLToPath(url), known ?? module);
}

const severityMapSchema = z.record(z.string().toLowerCase(), z.string().toUpperCase().pipe(z.enum(severities)));

function severitiesOf({ globalConfig, origin }: Configuration) {
  const map = globalConfig.custom_severity_map ?? {};
  const checked = check(severityMapSchema, map, "custom_severity_map");
  if (checked.ok) return { severities: checked.value, problems: [] };
  const path = [...origin.globalConfigPath, "custom_severity_map"];
  const problems = checked.refusals.map((refusal) => ({
    at: origin.source.locate([...path, ...refusal.path], refusal.part),
    message: refusal.message,
  }));
  return { severities: {}, problems };
}
