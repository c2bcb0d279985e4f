/** Parses the params of triggers, actions and sinks, now or, where a secret of the cluster is in them, when they are used. */
import type * as z from "zod";
import { ConfigurationError, type Problem } from "../errors.ts";
import type { AnyAction } from "./action.ts";
import type { Configuration } from "./configuration.ts";
import { declaredKeys, isSet } from "./global-config.ts";
import { at, check, isMap, type Refusal, startsWith, withoutUnknown } from "./params.ts";
import type { PlaybookStep } from "./playbook.ts";
import { presentable } from "./problems.ts";
import { readSecrets, type SecretReader } from "./references.ts";
import type { NamedEntry } from "./section-reader.ts";
import type { Path } from "./yaml-source.ts";

export type Params = Pick<PlaybookStep, "params" | "resolveParams">;

export class ParamsReader {
  readonly #configuration: Configuration;
  readonly #declared = new Map<z.ZodType, readonly string[]>();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** `input` is the entry's params with the defaults that come from elsewhere. */
  read(schema: z.ZodType, entry: NamedEntry, input: unknown): Params | { readonly problems: readonly Problem[] } {
    const read = this.parse(schema, entry, input);
    return "refusals" in read ? { problems: read.refusals.map((refusal) => this.#problem(entry, refusal)) } : read;
  }

  /** As `read`, with paths within the params in the place of places in the configuration. */
  parse(schema: z.ZodType, entry: NamedEntry, input: unknown): Params | { readonly refusals: readonly Refusal[] } {
    const { unresolved, scrubber } = this.#configuration.origin;
    const unknown = unresolved.flatMap((reference) => relativeTo(reference, input, entry, this.#configuration));
    const checked = check(schema, input, entry.name);
    const refusals = checked.ok ? [] : withoutUnknown(checked.refusals, unknown);
    if (refusals.length > 0) return { refusals };
    if (checked.ok && unknown.length === 0) return { params: checked.value };
    const resolveParams = async (readSecret: SecretReader) => {
      const known = check(schema, await readSecrets(input, readSecret, scrubber), entry.name);
      if (known.ok) return known.value;
      const problems = known.refusals.map((refusal) => this.#problem(entry, refusal));
      throw new ConfigurationError(presentable(problems, scrubber));
    };
    return { params: undefined, resolveParams };
  }

  /** An action's params with those of `globalConfig` that it declares and that are not given. */
  withGlobals({ params: schema }: Pick<AnyAction, "params">, given: unknown): unknown {
    const { globalConfig } = this.#configuration;
    if (!isMap(given) || Object.keys(globalConfig).length === 0) return given;
    const declared = this.declaredKeys(schema).filter((key) => isSet(globalConfig[key]));
    return { ...Object.fromEntries(declared.map((key) => [key, globalConfig[key]])), ...given };
  }

  declaredKeys(schema: z.ZodType): readonly string[] {
    const known = this.#declared.get(schema);
    if (known) return known;
    const keys = declaredKeys(schema);
    this.#declared.set(schema, keys);
    return keys;
  }

  #problem(entry: NamedEntry, { path, part, message }: Refusal): Problem {
    return { at: this.#configuration.origin.source.locate(this.#origin(entry, path), part), message };
  }

  /** Where a part of the params is written: with the entry, or in globalConfig. */
  #origin(entry: NamedEntry, path: Path): Path {
    const { globalConfig, origin } = this.#configuration;
    const [key] = path;
    const own = typeof key !== "string" || !Object.hasOwn(globalConfig, key) || at(entry.params, [key]) !== undefined;
    return own ? [...entry.path, ...path] : [...origin.globalConfigPath, ...path];
  }
}

/** Where in the params a reference is, if it is in them. */
function relativeTo(reference: Path, input: unknown, entry: NamedEntry, { origin }: Configuration): Path[] {
  if (startsWith(reference, entry.path)) return [reference.slice(entry.path.length)];
  if (!startsWith(reference, origin.globalConfigPath)) return [];
  const inner = reference.slice(origin.globalConfigPath.length);
  const shadowed = at(entry.params, inner.slice(0, 1)) !== undefined;
  return shadowed || at(input, inner) === undefined ? [] : [inner];
}
