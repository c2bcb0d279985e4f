/** Run in a process of its own, by src/bundles/inspect.ts: loads a bundle, and sends what it exports. */
import { flushCompileCache } from "node:module";
import { relative } from "node:path";
import * as z from "zod";
import type { BundleFacts } from "../bundles/bundle-manifest.ts";
import type { Answer } from "../bundles/inspect.ts";
import { type BundleExport, importBundle } from "../bundles/load-bundle.ts";
import { describeError, type Problem } from "../errors.ts";
import * as cortado from "../index.ts";
import { quoted } from "../tools/did-you-mean.ts";
import { type AnyAction, isAction } from "./action.ts";
import { host } from "./host.ts";
import { neverByHand } from "./invocation.ts";
import { isPlaybook } from "./playbook.ts";

const [file = "", sha256 = "", folder = ""] = process.argv.slice(2);
const { exit, send } = process;

/** Ends the process. Only the first answer counts. */
function answer(message: Answer): void {
  send?.call(process, message, () => exit.call(process, 0));
}

const refuse = (message: string, error?: unknown) => answer({ problems: [{ at: placeIn(error) ?? folder, message }] });

/** The place in the repository's sources that a stack trace comes from: `/folder/a.ts:3:7`. */
function placeIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  for (const [, place = ""] of (error.stack ?? "").matchAll(/^ +at (?:.*\()?((?:file:|\/)[^()]*:\d+:\d+)\)?$/gm)) {
    const path = place.startsWith("file:") ? decodeURIComponent(place.slice("file://".length)) : place;
    if (path.startsWith(`${folder}/`) && !path.includes("/node_modules/")) return path;
  }
  return undefined;
}

const restricted: Readonly<Record<string, string>> = {
  ChildProcess: "It starts a process as it is loaded",
  FileSystemWrite: "It writes a file as it is loaded",
  WorkerThreads: "It starts a thread as it is loaded",
};

function whyNot(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ERR_ACCESS_DENIED") {
    const permission = "permission" in error ? String(error.permission) : "";
    const did = restricted[permission] ?? `It needs ${permission} as it is loaded`;
    return `${did}; that belongs into \`run\`.`;
  }
  return `It fails as it is loaded: ${describeError(error).replace(/\.$/, "")}.`;
}

/** What would end the process is refused with its place, before it does. */
function setTraps(): void {
  for (const name of ["exit", "abort", "kill"] as const) {
    Reflect.set(process, name, () => {
      const error = new Error(`process.${name} is not for actions`);
      refuse(`It calls process.${name} as it is loaded; that ends every action beside it.`, error);
      throw error;
    });
  }
  Reflect.deleteProperty(process, "send");
  process.on("disconnect", () => exit.call(process, 1));
  // Else it would wait for ever where the bundle does.
  process.channel?.unref();
  const fail = (error: unknown) => refuse(whyNot(error), error);
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
}

/** Where each action is defined, in that order: `/folder/a.ts:3:25`. */
const places = new Map<unknown, string>();

const recording = {
  ...cortado,
  action: (...definition: Parameters<typeof cortado.action>) => {
    const defined = cortado.action(...definition);
    const place = placeIn(new Error("here"));
    if (place !== undefined) places.set(defined, place);
    return defined;
  },
};

/** Modules name their exports by the alphabet. */
function asDefined(exports: readonly BundleExport[]): BundleExport[] {
  const order = [...places.keys()];
  return exports.toSorted((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
}

const placeOf = (action: AnyAction, module: string) => places.get(action) ?? `${folder}/${module}`;

function factsOf(exports: readonly BundleExport[]): Answer {
  const problems: Problem[] = [];
  const defined = new Map<string, string>();
  const facts: BundleFacts = { actions: [], playbooks: [] };
  for (const { module, name: exportName, value } of asDefined(exports)) {
    if (isPlaybook(value)) {
      const { name = exportName, triggers, actions } = value;
      facts.playbooks.push({
        name,
        triggers: triggers.map(({ trigger }) => trigger.name),
        actions: actions.map(({ action }) => action.name),
      });
    }
    if (!isAction(value)) continue;
    const at = placeOf(value, module);
    const other = defined.get(value.name);
    if (other !== undefined) {
      const message = `An action ${quoted(value.name)} is already defined in ${other}; rename one of them.`;
      problems.push({ at, message });
      continue;
    }
    defined.set(value.name, at);
    const params = schemaOf(value);
    if ("problem" in params) problems.push({ at, message: params.problem });
    else facts.actions.push({ ...entryOf(value), params: params.schema, at: relative(folder, at) });
  }
  return problems.length > 0 ? { problems } : { facts };
}

const entryOf = (action: AnyAction) => {
  const { name, description, on, effects, permissions, override, timeout, retry } = action;
  const rules = permissions.map(({ apiGroups, resources, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
  }));
  const byHand = neverByHand(action) === undefined;
  return { name, description, on: on.name, effects, permissions: rules, override, timeout, retry, byHand };
};

function schemaOf({ name, params }: AnyAction) {
  try {
    const { $schema: _, ...schema } = z.toJSONSchema(params, { io: "input" });
    return { schema };
  } catch (error) {
    const why = describeError(error).replace(/\.$/, "");
    return { problem: `The params of ${quoted(name)} cannot be written as JSON Schema: ${why}.` };
  }
}

// Once it has answered it is ended, and would leave nothing for the next one; of bundles, each of another hash, nothing is to be kept.
flushCompileCache();
setTraps();
try {
  answer(factsOf(await importBundle({ file, sha256 }, { ...host, cortado: recording })));
} catch (error) {
  refuse(whyNot(error), error);
}
