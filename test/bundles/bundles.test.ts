import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { compileRepository } from "../../src/bundles/compile.ts";
import type { HostModules } from "../../src/bundles/host.ts";
import { loadBundle } from "../../src/bundles/load-bundle.ts";
import * as cortado from "../../src/index.ts";
import { isAction } from "../../src/playbooks/action.ts";
import { writeFolder } from "../helpers/write-folder.ts";
import { guide } from "./repositories.ts";

const host: HostModules = { cortado, zod: z };

const compile = (folder: string, workDir = writeFolder({})) =>
  compileRepository({ name: "mine", url: pathToFileURL(folder).href, workDir, host });

async function compiled(folder: string, workDir?: string) {
  const result = await compile(folder, workDir);
  if (!("bundle" in result)) throw new Error(JSON.stringify(result.problems));
  return result.bundle;
}

const within = (files: Readonly<Record<string, string>>, folder: string) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text]));

const action = (name: string) => `import { action, PodEvent } from "cortado";
export const it = action({ name: "${name}", on: PodEvent, run: () => {} });
`;

describe("a playbook repository", () => {
  const four = ["argo_app_sync", "my_action", "pod_bash_enricher", "pod_change_monitor"];
  const index = Object.keys(guide)
    .map((path) => `export * from "./${path}";`)
    .join("\n");

  it.each<[string, Record<string, string>, string[]]>([
    ["a folder of modules", guide, four],
    ["a folder of modules with a package.json that names none", { ...guide, "package.json": "{}" }, four],
    ["modules in src", within(guide, "src"), four],
    ["src beside a configuration file", { ...within(guide, "src"), "vitest.config.ts": "export default {};" }, four],
    ["src/index.ts alone", { "src/index.ts": action("chosen"), "src/other.ts": action("other") }, ["chosen"]],
    ["main", { "package.json": '{ "main": "lib/a.js" }', "lib/a.js": action("main"), "b.ts": action("b") }, ["main"]],
    [
      "exports",
      {
        "package.json": '{ "exports": { ".": { "types": "./x.d.ts", "import": "./a.ts" } }, "main": "b.ts" }',
        "a.ts": action("a"),
        "b.ts": action("b"),
      },
      ["a"],
    ],
    ["an index beside what it exports", { ...guide, "index.ts": index }, four],
    [
      "tests, declarations and hidden files beside",
      { "a.ts": action("a"), "a.test.ts": 'import "vitest";', "b.d.ts": "", ".c.js": "!" },
      ["a"],
    ],
    ["JavaScript", { "a.mjs": action("a"), "b.js": action("b") }, ["a", "b"]],
  ])("is compiled and loaded: %s", async (_, files, names) => {
    const { exports } = await loadBundle(await compiled(writeFolder(files)), host);
    const actions = exports.map(({ value }) => value).filter(isAction);
    expect(actions.map(({ name }) => name).sort()).toEqual(names);
  });

  it("has its own dependencies, CommonJS and Node's modules among them", async () => {
    const folder = writeFolder({
      "a.ts": `import { action, ExecutionBaseEvent } from "cortado";
import { readFileSync } from "node:fs";
import shout from "shout";
export const a = action({ name: shout("a"), on: ExecutionBaseEvent, run: () => void readFileSync });
`,
      "node_modules/shout/package.json": '{ "name": "shout", "main": "main.js" }',
      "node_modules/shout/main.js": 'const path = require("path"); module.exports = (text) => path.join(text, "loud");',
    });
    const { exports } = await loadBundle(await compiled(folder), host);
    expect(exports[0]).toMatchObject({ module: "a.ts", name: "a", value: { name: "a/loud" } });
  });

  it("shares zod and the event classes with its host", async () => {
    const { exports } = await loadBundle(await compiled(writeFolder(guide)), host);
    const enricher = exports
      .map(({ value }) => value)
      .filter(isAction)
      .find(({ name }) => name === "pod_bash_enricher");
    expect(enricher?.params).toBeInstanceOf(z.ZodObject);
    expect(enricher?.on).toBe(cortado.PodEvent);
  });

  it("is named by the hash of its bundle, and written once", async () => {
    const folder = writeFolder(guide);
    const workDir = writeFolder({});
    const first = await compiled(folder, workDir);
    expect(await compiled(folder, workDir)).toEqual(first);
    expect(first.file).toBe(join(workDir, "mine", `${first.sha256}.mjs`));
    writeFileSync(join(folder, "another.ts"), action("another"));
    const second = await compiled(folder, workDir);
    expect(second.sha256).not.toBe(first.sha256);
    expect(readdirSync(join(workDir, "mine")).sort()).toEqual(
      [first, second].flatMap(({ sha256 }) => [`${sha256}.json`, `${sha256}.mjs`]).sort(),
    );
  });

  it("is not loaded where the file is not what was compiled", async () => {
    const bundle = await compiled(writeFolder(guide));
    writeFileSync(bundle.file, "export const evil = 1;");
    await expect(loadBundle(bundle, host)).rejects.toThrow("is not what was compiled");
  });

  it.each<[string, Record<string, string>, { at: string; message: string }[]]>([
    [
      "a typing error",
      { "a.ts": "export const = 1;" },
      [{ at: "a.ts:1:14", message: 'Expected identifier but found "=".' }],
    ],
    [
      "several problems at once",
      {
        "a.ts": 'import "./gone.ts";\n',
        "b.ts": 'import { actoin } from "cortado";\nimport pad from "left-pad";\nexport default [actoin, pad];\n',
      },
      [
        { at: "a.ts:1:8", message: "There is no module ./gone.ts." },
        {
          at: "b.ts:2:17",
          message: "The package left-pad is not installed; list it in package.json and run `npm install` in FOLDER.",
        },
      ],
    ],
    [
      "a name that cortado does not export",
      { "b.ts": 'import { actoin } from "cortado";\nexport default actoin;\n' },
      [{ at: "b.ts:1:10", message: "cortado exports no `actoin`; did you mean `action`?" }],
    ],
    [
      "the test kit",
      { "a.ts": 'import "cortado/testing";' },
      [{ at: "a.ts:1:8", message: "cortado/testing is for tests; a module that imports it is not an action's." }],
    ],
    [
      "zod's other versions",
      { "a.ts": 'import "zod/v3";' },
      [{ at: "a.ts:1:8", message: "zod/v3 is not available to actions; import from zod." }],
    ],
    [
      "a module that Node does not have",
      { "a.ts": 'import "node:fs";\nimport "node:crytpo";\nimport "node:browser";' },
      [
        { at: "a.ts:2:8", message: "Node has no module node:crytpo; did you mean `node:crypto`?" },
        { at: "a.ts:3:8", message: "Node has no module node:browser." },
      ],
    ],
    [
      "Python",
      { "pyproject.toml": "", "mine/actions.py": "" },
      [
        {
          at: "",
          message: "This repository is written in Python; Cortado runs actions written in TypeScript or JavaScript.",
        },
      ],
    ],
    [
      "nothing",
      { "README.md": "" },
      [
        {
          at: "",
          message:
            "The folder FOLDER holds no TypeScript or JavaScript at its top, in src, or named by a package.json.",
        },
      ],
    ],
    [
      "an entry that is not built",
      { "package.json": '{ "main": "dist/index.js" }', "src/index.ts": "" },
      [{ at: "package.json", message: "The entry dist/index.js does not exist; build it, or name a TypeScript file." }],
    ],
    [
      "a package.json that is none",
      { "package.json": "nonsense" },
      [{ at: "package.json", message: "This is not a package.json: it must be a JSON object." }],
    ],
  ])("is refused with file and line: %s", async (_, files, expected) => {
    const folder = writeFolder(files);
    const { problems } = await compile(folder);
    expect(problems).toEqual(
      expected.map(({ at, message }) => ({
        at: join(folder, at).replace(/\/$/, ""),
        message: message.replace("FOLDER", folder),
      })),
    );
  });

  it("is refused where there is no such folder", async () => {
    const folder = join(writeFolder({}), "gone");
    expect(await compile(folder)).toEqual({
      problems: [{ at: folder, message: `The folder ${folder} does not exist.` }],
      warnings: [],
    });
    expect(existsSync(folder)).toBe(false);
  });
});
