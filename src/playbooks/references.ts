/**
 * References within the strings of the configuration: `{{ env.NAME }}`, `{{ file./path }}`, `{{ secret.namespace/name/key }}`.
 *
 * Variables and files are read when the configuration is, since numbers and URLs can only be checked by their values. A secret of the
 * cluster is read each time it is used, from the cluster, so that a new one counts at once; it may stand only where a use has a place
 * to wait for it: in the params of actions and sinks, and in globalConfig. Values that may be secret are made known to the scrubber, and
 * no value is in any message.
 */
import type { Problem } from "../errors.ts";
import type { Scrubber } from "../tools/scrub.ts";
import type { Path, YamlSource } from "./yaml-source.ts";

export interface ReferenceSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file. Relative paths are relative to the configuration. Throws where it cannot be read. */
  readonly readFile: (path: string) => string;
  readonly scrubber: Scrubber;
  /** Leaves in what cannot be read, and takes it to be there where the configuration will run. */
  readonly assumeMissing: boolean;
}

/** Reads one key of a Secret of the cluster; undefined where there is none. */
export type SecretReader = (namespace: string, name: string, key: string) => Promise<string | undefined>;

export interface Resolved {
  readonly value: unknown;
  /** Where references were left in: secrets, and what is assumed to be there. */
  readonly unresolved: readonly Path[];
  readonly problems: readonly Problem[];
}

const reference = /\{\{\s*(env|file|secret)\.([^{}]*?)\s*\}\}/g;
const secretName = /^([^/]+)\/([^/]+)\/([^/]+)$/;

/** Reads the variables and files, and leaves the secrets for later. */
export function resolveReferences(source: YamlSource, sources: ReferenceSources): Resolved {
  const unresolved: Path[] = [];
  const problems: Problem[] = [];

  const text = (value: string, path: Path): string => {
    let left = false;
    const resolved = value.replace(reference, (written, kind: string, name: string) => {
      const found = read(kind, name, path, sources);
      if ("problem" in found) problems.push({ at: source.locate(path), message: found.problem });
      if ("value" in found) return found.value;
      left = true;
      return written;
    });
    if (left) unresolved.push(path);
    return resolved;
  };

  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") return text(value, path);
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, [...path, key])]));
  };

  return { value: walk(source.value, []), unresolved, problems };
}

type Found = { readonly value: string } | { readonly problem: string } | { readonly later: true };

function read(kind: string, name: string, path: Path, sources: ReferenceSources): Found {
  if (name === "") return { problem: `{{ ${kind}. }} names nothing.` };
  if (kind === "secret") return checkSecret(name, path);
  const value = kind === "env" ? sources.env[name] : contents(name, sources);
  if (value === undefined) return sources.assumeMissing ? { later: true } : { problem: missing(kind, name) };
  if (mayBeSecret(kind, name, path) && !isCommonplace(value)) sources.scrubber.add(value);
  return { value };
}

const missing = (kind: string, name: string) =>
  kind === "env" ? `The environment variable ${name} is not set.` : `The file ${name} cannot be read.`;

function checkSecret(name: string, path: Path): Found {
  if (!secretName.test(name)) {
    return { problem: `{{ secret.${name} }} is not of the form {{ secret.namespace/name/key }}.` };
  }
  if (mayHoldSecrets(path)) return { later: true };
  return {
    problem: `{{ secret.${name} }} may stand only in the params of actions and sinks, and in globalConfig; use {{ env.NAME }} or {{ file./path }}.`,
  };
}

/** Editors end files with a newline that belongs to no password. */
function contents(path: string, sources: ReferenceSources): string | undefined {
  try {
    return sources.readFile(path).replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}

/** Params of actions and sinks, and globalConfig. */
function mayHoldSecrets([section, _, ...rest]: Path): boolean {
  if (["globalConfig", "global_config", "sinksConfig", "sinks_config"].includes(String(section))) return true;
  return rest.find((key) => typeof key === "string") === "actions";
}

const publicSections = new Set<PropertyKey>([
  "clusterName",
  "clusters",
  "clusterLabel",
  "disabledPlaybooks",
  "alertRepeat",
]);

/** What names things, and stands in every message. */
function isPublic(path: Path): boolean {
  const [section] = path;
  return (section !== undefined && publicSections.has(section)) || path.at(-1) === "name";
}

const soundsSecret = /token|secret|passw|pwd|key|auth|credential|private|cookie|sign|hook|dsn|header/i;

/**
 * Variables also hold what stands in every message: addresses, channels, names of teams. So they count as secrets where they are called
 * like one, or stand in a field that is, or are the address of a sink, which often holds its credential. Files always count.
 */
function mayBeSecret(kind: string, name: string, path: Path): boolean {
  if (isPublic(path)) return false;
  if (kind === "file" || soundsSecret.test(name)) return true;
  const keys = path.filter((key) => typeof key === "string");
  const ofSink = keys[0] === "sinksConfig" || keys[0] === "sinks_config";
  return keys.some((key, depth) => depth > 0 && soundsSecret.test(key)) || (ofSink && keys.at(-1) === "url");
}

/** Words that nobody has for a secret and that would riddle every text. */
const isCommonplace = (value: string) => /^(?:true|false|yes|no|on|off|none|null|default|\d{1,5})$/i.test(value);

/** The data with its `secret.` references read. Throws an Error that names what is missing. */
export async function readSecrets(data: unknown, readSecret: SecretReader, scrubber: Scrubber): Promise<unknown> {
  if (typeof data === "string") return readSecretsIn(data, readSecret, scrubber);
  if (Array.isArray(data)) return Promise.all(data.map((item) => readSecrets(item, readSecret, scrubber)));
  if (typeof data !== "object" || data === null) return data;
  const entries = Object.entries(data).map(async ([key, value]) => [
    key,
    await readSecrets(value, readSecret, scrubber),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function readSecretsIn(text: string, readSecret: SecretReader, scrubber: Scrubber): Promise<string> {
  const values = new Map<string, string>();
  for (const [written, kind, path] of text.matchAll(reference)) {
    const [, namespace, name, key] = secretName.exec(path ?? "") ?? [];
    if (kind !== "secret" || namespace === undefined || name === undefined || key === undefined) continue;
    const value = await readSecret(namespace, name, key);
    if (value === undefined) throw new Error(`The key ${key} of the Secret ${namespace}/${name} does not exist.`);
    scrubber.add(value);
    values.set(written, value);
  }
  return text.replace(reference, (written) => values.get(written) ?? written);
}
