/** From names to playbooks: finds the triggers, actions and sinks that a configuration names, and checks that they fit. */
import type * as z from "zod";
import { ConfigurationError, type Problem } from "../errors.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import type { AnyTrigger, TriggerUse } from "../triggers/trigger.ts";
import type { AnyAction } from "./action.ts";
import type { Configuration } from "./configuration.ts";
import { digest, distinct, slug } from "./identity.ts";
import { modelActions, modelSinks, modelTriggers } from "./model-names.ts";
import { misfit, unknownName } from "./names.ts";
import { at, isMap } from "./params.ts";
import { type Params, ParamsReader } from "./params-reader.ts";
import type { Playbook, PlaybookStep, TypedPlaybook } from "./playbook.ts";
import { presentable } from "./problems.ts";
import type { SecretReader } from "./references.ts";
import { isBuiltin, type NamedEntry, type PlaybookEntry } from "./section-reader.ts";
import type { Path } from "./yaml-source.ts";

/** What the names in a configuration may stand for. */
export interface Vocabulary {
  readonly triggers: readonly AnyTrigger[];
  readonly actions: readonly AnyAction[];
  readonly sinkTypes: ReadonlyMap<string, SinkType>;
  /** Playbooks written in TypeScript; they run after those of the configuration, and before the builtin ones. */
  readonly typedPlaybooks?: readonly LocatedPlaybook[];
  /** A repository did not load: actions that are not there may be its own, and are no problem of the playbooks. */
  readonly incomplete?: boolean;
}

export interface SinkType {
  readonly params: z.ZodType;
}

export interface LocatedPlaybook {
  readonly playbook: TypedPlaybook;
  /** The name of the export, for one without a name. */
  readonly exportName: string;
  readonly at: string;
}

/** A sink as configured, its params parsed. */
export interface SinkUse {
  readonly type: string;
  readonly name: string;
  readonly at: string;
  readonly params: unknown;
  /** As written, with references as references. */
  readonly written: unknown;
  /** As in PlaybookStep. */
  readonly resolveParams?: (readSecret: SecretReader) => Promise<unknown>;
}

export interface Loaded {
  readonly playbooks: readonly Playbook[];
  readonly sinks: readonly SinkUse[];
}

/** Pure. Throws a ConfigurationError with every problem; a playbook never loads in part. */
export function loadPlaybooks(configuration: Configuration, vocabulary: Vocabulary): readonly Playbook[] {
  const { playbooks, problems } = load(configuration, vocabulary);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return playbooks;
}

/** As `loadPlaybooks`, with the sinks, and with what could be loaded beside the problems. */
export function load(configuration: Configuration, vocabulary: Vocabulary): Loaded & { readonly problems: Problem[] } {
  const loader = new Loader(configuration, vocabulary);
  const sinks = configuration.sinks.flatMap((entry) => loader.sink(entry));
  const [builtin, others] = partition(configuration.playbooks, ({ path }) => path[0] === "builtinPlaybooks");
  const playbooks = [
    ...others.flatMap((entry) => loader.playbook(entry)),
    ...(vocabulary.typedPlaybooks ?? []).flatMap((located) => loader.typedPlaybook(located)),
    ...builtin.flatMap((entry) => loader.playbook(entry)),
  ];
  return {
    sinks,
    playbooks,
    problems: presentable(loader.problems, configuration.origin.scrubber),
  };
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

class Loader {
  readonly problems: Problem[] = [];
  readonly #configuration: Configuration;
  readonly #triggers: ReadonlyMap<string, AnyTrigger>;
  readonly #actions: ReadonlyMap<string, AnyAction>;
  readonly #sinkTypes: ReadonlyMap<string, SinkType>;
  readonly #incomplete: boolean;
  readonly #sinkNames = new Set<string>();
  readonly #names = new Set<string>();
  readonly #ids = new Set<string>();
  readonly #reader: ParamsReader;

  constructor(configuration: Configuration, { triggers, actions, sinkTypes, incomplete = false }: Vocabulary) {
    this.#incomplete = incomplete;
    this.#configuration = configuration;
    this.#reader = new ParamsReader(configuration);
    this.#triggers = new Map(triggers.map((trigger) => [trigger.name, trigger]));
    this.#actions = new Map(actions.map((action) => [action.name, action]));
    this.#sinkTypes = sinkTypes;
  }

  sink(entry: NamedEntry): SinkUse[] {
    const name = at(entry.params, ["name"]);
    if (typeof name === "string") this.#addSinkName(name, entry);
    const type = this.#sinkTypes.get(entry.name);
    if (!type) {
      const message = unknownName(entry.name, { a: "a sink", model: modelSinks, known: [...this.#sinkTypes.keys()] });
      this.#problem(entry.path, message, "key");
      return [];
    }
    const params = this.#params(type.params, entry, entry.params);
    if (!params || typeof name !== "string") return [];
    return [{ type: entry.name, name, at: this.#lineOf(entry.path), written: entry.params, ...params }];
  }

  #addSinkName(name: string, entry: NamedEntry): void {
    if (this.#sinkNames.has(name)) {
      this.#problem(
        [...entry.path, "name"],
        `Another sink is called ${quoted(name)} already; names of sinks are unique.`,
      );
    }
    this.#sinkNames.add(name);
  }

  playbook(entry: PlaybookEntry): Playbook[] {
    const before = this.problems.length;
    const triggers = entry.triggers.flatMap((use) => this.#trigger(use));
    // A trigger with wrong params still tells which actions fit.
    const named = entry.triggers.flatMap(({ name }) => this.#triggers.get(name) ?? []);
    const steps = entry.actions.flatMap((use) => this.#step(use, named));
    for (const [index, name] of (entry.sinks ?? []).entries()) this.#checkSink(name, [...entry.path, "sinks", index]);
    if (this.problems.length > before) return [];
    const place = this.#lineOf(entry.path);
    const playbook = this.#named({ ...entry, at: place, triggers, steps, content: this.#contentOf(entry) });
    return [isBuiltin(entry) ? { ...playbook, builtin: true } : playbook];
  }

  typedPlaybook({ playbook, exportName, at: place }: LocatedPlaybook): Playbook[] {
    const before = this.problems.length;
    for (const name of playbook.sinks ?? []) {
      const message = this.#unknownSink(name);
      if (message !== undefined) this.problems.push({ at: place, message: `${exportName}: ${message}` });
    }
    const steps = playbook.actions.map(({ action, params }) => ({ action, params }));
    for (const { action } of steps) {
      for (const { trigger } of playbook.triggers) {
        const message = misfit(trigger, action);
        if (message !== undefined) this.problems.push({ at: place, message: `${exportName}: ${message}` });
      }
    }
    if (this.problems.length > before) return [];
    const { sinks, stop, name = exportName } = playbook;
    const triggers = playbook.triggers.map(({ trigger, params }) => ({
      trigger,
      params: this.#withRepeat(trigger, params),
    }));
    return [this.#named({ name, at: place, triggers, steps, sinks, stop, content: undefined })];
  }

  #trigger(entry: NamedEntry): TriggerUse[] {
    const trigger = this.#triggers.get(entry.name);
    if (!trigger) {
      const message = this.#actions.has(entry.name)
        ? `${quoted(entry.name)} is an action, not a trigger; it belongs under \`actions\`.`
        : unknownName(entry.name, { a: "a trigger", model: modelTriggers, known: [...this.#triggers.keys()] });
      this.#problem(entry.path, message, "key");
      return [];
    }
    const params = this.#params(trigger.params, entry, this.#withRepeat(trigger, entry.params));
    return params ? [{ trigger, params: params.params }] : [];
  }

  /** The top-level `alertRepeat` is the default of every trigger that knows `repeat`. */
  #withRepeat(trigger: AnyTrigger, params: unknown): unknown {
    const { alertRepeat } = this.#configuration;
    if (alertRepeat === "never" || !isMap(params) || !this.#reader.declaredKeys(trigger.params).includes("repeat"))
      return params;
    return { repeat: alertRepeat, ...params };
  }

  #step(entry: NamedEntry, triggers: readonly AnyTrigger[]): PlaybookStep[] {
    const action = this.#actions.get(entry.name);
    if (!action && this.#incomplete) return [];
    if (!action) {
      const message = this.#triggers.has(entry.name)
        ? `${quoted(entry.name)} is a trigger, not an action; it belongs under \`triggers\`.`
        : unknownName(entry.name, { a: "an action", model: modelActions, known: [...this.#actions.keys()] });
      this.#problem(entry.path, message, "key");
      return [];
    }
    for (const trigger of triggers) {
      const message = misfit(trigger, action);
      if (message !== undefined) this.#problem(entry.path, message, "key");
    }
    const params = this.#params(action.params, entry, this.#reader.withGlobals(action, entry.params));
    return params ? [{ action, ...params }] : [];
  }

  /** Undefined where there are problems. */
  #params(schema: z.ZodType, entry: NamedEntry, input: unknown): Params | undefined {
    const read = this.#reader.read(schema, entry, input);
    if (!("problems" in read)) return read;
    this.problems.push(...read.problems);
    return undefined;
  }

  #checkSink(name: string, path: Path): void {
    const message = this.#unknownSink(name);
    if (message !== undefined) this.#problem(path, message);
  }

  #unknownSink(name: string): string | undefined {
    if (this.#sinkNames.has(name)) return undefined;
    if (this.#sinkNames.size === 0) return `There is no sink called ${quoted(name)}, and no other in sinksConfig.`;
    return `There is no sink called ${quoted(name)} in sinksConfig${didYouMean(name, [...this.#sinkNames])}`;
  }

  /** As written, with references as references, so that no secret is in the hash. */
  #contentOf({ path }: PlaybookEntry): unknown {
    const value = at(this.#configuration.origin.source.value, path);
    return isMap(value) ? { ...value, name: undefined } : value;
  }

  #named({ name, content, ...rest }: Nameless): Playbook {
    const triggers = rest.triggers.map(({ trigger }) => trigger.name);
    const actions = rest.steps.map(({ action }) => action.name);
    const unique = distinct(name ?? `${triggers.join(" | ")}: ${actions.join(", ")}`, this.#names, " ");
    const id = distinct(name === undefined ? digest([triggers, actions, content]) : slug(unique), this.#ids, "-");
    const { at: place, steps, sinks, stop } = rest;
    return { id, name: unique, at: place, triggers: rest.triggers, steps, stop, ...(sinks ? { sinks } : {}) };
  }

  /** File and line. */
  #lineOf(path: Path): string {
    return this.#configuration.origin.source.locate(path).replace(/:\d+$/, "");
  }

  #problem(path: Path, message: string, part?: "key" | "value"): void {
    this.problems.push({ at: this.#configuration.origin.source.locate(path, part), message });
  }
}

interface Nameless extends Omit<Playbook, "id" | "name" | "sinks"> {
  readonly name: string | undefined;
  readonly sinks: readonly string[] | undefined;
  readonly content: unknown;
}
