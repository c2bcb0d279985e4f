/** What esbuild says, in our words. */
import { isBuiltin } from "node:module";
import { join } from "node:path";
import type { Problem } from "../errors.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import type { Message } from "./esbuild.ts";
import type { HostModules } from "./host.ts";

/** `folder`: the repository's; there what has no place in a file is told. */
export function buildProblem({ text, location }: Message, folder: string, host: HostModules): Problem {
  const at = location ? `${join(folder, location.file)}:${location.line}:${location.column + 1}` : folder;
  return { at, message: noExport(text, host) ?? explain(text, folder) };
}

function noExport(text: string, host: HostModules): string | undefined {
  const [, module, name] = /^No matching export in "cortado-host:(\w+)" for import "([^"]+)"/.exec(text) ?? [];
  if (name === undefined || (module !== "cortado" && module !== "zod")) return undefined;
  return `${module} exports no ${quoted(name)}${didYouMean(name, Object.keys(host[module]))}`;
}

function explain(text: string, folder: string): string {
  const [, missing] = /^Could not resolve "([^"]+)"/.exec(text) ?? [];
  if (missing === undefined) return /[.!?]$/.test(text) ? text : `${text}.`;
  if (missing.startsWith(".") || missing.startsWith("/")) return `There is no module ${missing}.`;
  if (isBuiltin(missing)) return `${missing} is not available to actions.`;
  return `The package ${missing} is not installed; list it in package.json and run \`npm install\` in ${folder}.`;
}

export const isBuildFailure = (failure: unknown): failure is { readonly errors: Message[] } =>
  failure instanceof Error && "errors" in failure && Array.isArray(failure.errors);
