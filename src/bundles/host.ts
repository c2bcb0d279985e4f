/**
 * What a bundle shares with the process that runs it: `cortado` and `zod` are not compiled into it but found here, so that there is
 * one copy of each, and a bundle of last year gets today's fixes.
 */

/** Of what actions import: a bundle that was made for another one is not loaded. */
export const apiMajor = 1;

const hostKey = `cortado.host.v${apiMajor}`;

/** The names under which actions import them, and the modules. */
export type HostModules = Readonly<Record<HostModuleName, Readonly<Record<string, unknown>>>>;
export type HostModuleName = "cortado" | "zod";

/** Must be done before a bundle is imported. */
export function installHost(modules: HostModules): void {
  Reflect.set(globalThis, Symbol.for(hostKey), modules);
}

/**
 * The source of the module that stands for one of the host's in a bundle. What is not used of it is left out of the bundle; where the host
 * has not what is used, it throws a sentence that says so.
 */
export function hostModuleSource(name: HostModuleName, module: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(module);
  const constants = names.map(
    (exported, index) => `const _${index} = /* @__PURE__ */ pick(${JSON.stringify(exported)});`,
  );
  // The names that zod exports include reserved words, which are allowed only behind `as`.
  const exports = names.map((exported, index) => `_${index} as ${exported}`);
  return [
    "const pick = (name) => {",
    `  const host = globalThis[Symbol.for(${JSON.stringify(hostKey)})];`,
    `  if (host === undefined) throw new Error("This bundle was made for version ${apiMajor} of Cortado's API, which is not there; compile it again.");`,
    `  if (name in host.${name}) return host.${name}[name];`,
    `  throw new Error("This bundle uses " + name + " of ${name}, which this Cortado does not have; compile it again, or update Cortado.");`,
    "};",
    ...constants,
    `export { ${exports.join(", ")} };`,
  ].join("\n");
}
