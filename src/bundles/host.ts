/**
 * What a bundle shares with the process that runs it: `cortado` and `zod` are not compiled into it but found here, so that there is
 * one copy of each, and a bundle of last year gets today's fixes.
 */

const kHost = Symbol.for("cortado.host.v1");

/** The names under which actions import them, and the modules. */
export type HostModules = Readonly<Record<HostModuleName, Readonly<Record<string, unknown>>>>;
export type HostModuleName = "cortado" | "zod";

/** Must be done before a bundle is imported. */
export function installHost(modules: HostModules): void {
  Reflect.set(globalThis, kHost, modules);
}

/** The source of the module that stands for one of the host's in a bundle. */
export function hostModuleSource(name: HostModuleName, module: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(module);
  const constants = names.map((exported, index) => `const _${index} = host[${JSON.stringify(exported)}];`);
  // The names that zod exports include reserved words, which are allowed only behind `as`.
  const exports = names.map((exported, index) => `_${index} as ${exported}`);
  return [
    `const host = globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(kHost))})].${name};`,
    ...constants,
    `export { ${exports.join(", ")} };`,
  ].join("\n");
}
