import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkTypes } from "../../src/bundles/type-check.ts";
import { writeFolder } from "../helpers/write-folder.ts";
import { guide } from "./repositories.ts";

const wrong = `import { action, PodEvent } from "cortado";
export const mine = action({ name: "mine", on: PodEvent, run: (event) => void event.getNode() });
`;
const tsconfig = JSON.stringify({
  compilerOptions: { target: "es2022", module: "nodenext", strict: true, noEmit: true, types: ["node"] },
  include: ["*.ts"],
});

/** A package that prints what a compiler would. */
const typescript = (output: string, code: number) => ({
  "node_modules/typescript/package.json": JSON.stringify({ bin: { tsc: "tsc.js" } }),
  "node_modules/typescript/tsc.js": `console.log(${JSON.stringify(output)}); process.exitCode = ${code};`,
});

describe("the types of a repository", () => {
  it.each<[string, Record<string, string>, string]>([
    ["a bare folder, where cortado is not installed", { "a.ts": wrong }, "a.ts:2:85  TS2339"],
    [
      "a package with its own settings, in all that these include",
      { ...guide, "help.ts": "export const n: number = '';", "tsconfig.json": tsconfig },
      "help.ts:1:14  TS2322",
    ],
  ])("are checked in %s", async (_, files, expected) => {
    const folder = writeFolder(files);
    const { problems, warnings } = await checkTypes(folder, [Object.keys(files)[0] ?? ""]);
    const found = problems.map(({ at, message }) => `${at.replace(`${folder}/`, "")}  ${message.split(":")[0]}`);
    expect(found).toEqual([expected]);
    expect(warnings).toEqual([]);
  });

  it.each<[string, string, number, { at: string; message: string }[]]>([
    [
      "with the author's own TypeScript, whose words are kept, over several lines too",
      "a.ts(3,7): error TS2322: Type 'A' is not assignable to type 'B'.\n  Types of property 'c' are incompatible.",
      2,
      [
        {
          at: "a.ts:3:7",
          message: "TS2322: Type 'A' is not assignable to type 'B'. Types of property 'c' are incompatible.",
        },
      ],
    ],
    [
      "but not in files outside of it",
      "../b.ts(1,1): error TS1: Theirs.\nnode_modules/c/index.ts(1,1): error TS1: Theirs too.",
      2,
      [],
    ],
    [
      "with its settings",
      "error TS2688: Cannot find type definition file for 'node'.",
      2,
      [{ at: "tsconfig.json", message: "TS2688: Cannot find type definition file for 'node'." }],
    ],
    ["or it is said that TypeScript did not run", "Killed", 1, [{ at: "", message: "TypeScript did not run: Killed" }]],
  ])("are checked %s", async (_, output, code, expected) => {
    const folder = writeFolder({ "a.ts": wrong, ...typescript(output, code) });
    const { problems } = await checkTypes(folder, ["a.ts"]);
    expect(problems).toEqual(expected.map(({ at, message }) => ({ at: join(folder, at).replace(/\/$/, ""), message })));
  });

  it("are not checked where no TypeScript is installed, which is said", async () => {
    const folder = writeFolder({ "a.ts": wrong });
    expect(await checkTypes(folder, ["a.ts"], "/")).toEqual({
      problems: [],
      warnings: [
        {
          at: folder,
          message: "Its types are not checked, as no TypeScript is installed; `npm install --save-dev typescript`.",
        },
      ],
    });
  });

  it("are none in JavaScript", async () => {
    expect(await checkTypes(writeFolder({ "a.js": "null.x" }), ["a.js"], "/")).toEqual({ problems: [], warnings: [] });
  });
});
