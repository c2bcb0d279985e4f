/** Where bundles run, and what of Node is there. */
import { builtinModules, isBuiltin } from "node:module";

export type Target = keyof typeof targets;

const targets = {
  /** A server, or a function on Node. */
  node: { name: "Node", has: isBuiltin },
} as const;

/** Why a module of Node's cannot be had there; undefined where it can. */
export function lacks(target: Target, module: string): string | undefined {
  const { name, has } = targets[target];
  return has(module) ? undefined : `${name} has no module ${module}`;
}

/** As they are imported: `node:fs`. */
export const nodeModules = (): readonly string[] =>
  builtinModules.map((name) => (name.startsWith("node:") ? name : `node:${name}`));
