/** How a repository's imports of the host's modules, and of Node's, are resolved. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import * as z from "zod";
import { didYouMean } from "../tools/did-you-mean.ts";
import type { Plugin } from "./esbuild.ts";
import { type HostModuleName, type HostModules, hostModuleSource } from "./host.ts";
import { lacks, nodeModules } from "./targets.ts";

const refusals: Readonly<Record<string, string>> = {
  "cortado/testing": "cortado/testing is for tests; a module that imports it is not an action's.",
};
const aliases: Readonly<Record<string, HostModuleName>> = { cortado: "cortado", zod: "zod", "zod/v4": "zod" };

/** `folder`: the repository's. */
export function hostModules(host: HostModules, folder: string): Plugin {
  return {
    name: "cortado-host",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(?:cortado|zod)(?:\/|$)/ }, ({ path }) => {
        const name = Object.hasOwn(aliases, path) ? aliases[path] : undefined;
        if (name !== undefined) return { path: name, namespace: "cortado-host", sideEffects: false };
        const root = path.split("/")[0];
        return { errors: [{ text: refusals[path] ?? `${path} is not available to actions; import from ${root}.` }] };
      });
      onResolve({ filter: /^\.\..*\/index\.ts$/ }, ({ path, resolveDir }) =>
        isOwnSource(resolve(resolveDir, path), folder)
          ? { path: "cortado", namespace: "cortado-host", sideEffects: false }
          : undefined,
      );
      onResolve({ filter: /^node:/ }, ({ path }) => {
        const lacking = lacks("node", path);
        if (lacking === undefined) return { path, external: true };
        return { errors: [{ text: `${lacking}${didYouMean(path, nodeModules())}` }] };
      });
      onLoad({ filter: /.*/, namespace: "cortado-host" }, ({ path }) => {
        const name = aliases[path];
        return name && { contents: hostModuleSource(name, host[name]), loader: "js" };
      });
    },
  };
}

/** The default actions import Cortado by its file, which is outside their folder. */
function isOwnSource(file: string, folder: string): boolean {
  if (!relative(folder, file).startsWith("..") || !file.endsWith("/src/index.ts")) return false;
  const packageFile = resolve(dirname(file), "../package.json");
  if (!existsSync(packageFile)) return false;
  const parsed = z.object({ name: z.literal("cortado") }).safeParse(JSON.parse(readFileSync(packageFile, "utf8")));
  return parsed.success;
}
