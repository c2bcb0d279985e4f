/** What our pages name must exist: guides that point to nowhere are worse than none. */
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { reference } from "../infra/generate-docs.ts";
import { readConfiguration } from "../src/playbooks/configuration.ts";
import { checkConfiguration } from "../src/playbooks/generation.ts";
import { modelActions, modelSinks, modelTriggers } from "../src/playbooks/model-names.ts";
import { vocabulary } from "../src/services/generation.ts";

const root = path.resolve(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });

/** Relative targets of links, without their anchors. */
const link = /\]\((?!\w+:|#|\/)([^)\s#]+)[^)]*\)/g;
/** `src/app.ts`, `docs/semantics.md`, `.ci/run`; a `<name>` or `*` in it stands for anything. */
const codePath = /`((?:src|test|docs|infra|functions|examples|\.ci)\/[\w./<>*-]*)`/g;

function namedIn(page: string): { readonly named: string; readonly file: string }[] {
  const text = readFileSync(path.join(root, page), "utf8");
  return [
    ...[...text.matchAll(link)].map(([, named = ""]) => ({ named, file: path.join(path.dirname(page), named) })),
    ...[...text.matchAll(codePath)].map(([, named = ""]) => ({ named, file: named })),
  ];
}

const exists = (file: string) =>
  /[<*]/.test(file)
    ? globSync(file.replaceAll(/<[^>]*>/g, "*"), { cwd: root }).length > 0
    : existsSync(path.join(root, file));

it("there is a README", () => {
  expect(pages).toContain("README.md");
});

it.each(pages)("every file that %s names exists", (page) => {
  const missing = namedIn(page).filter(({ file }) => !exists(file));
  expect(missing.map(({ named }) => named)).toEqual([]);
});

/** What a page shows of a configuration: a list of playbooks, to which the sinks that it names are added. */
const playbooks = readFileSync(path.join(root, "docs/configuration.md"), "utf8").matchAll(/^```yaml\n(.*?)^```$/gms);

it.each([...playbooks].map(([, yaml = ""]) => yaml))("the playbooks of docs/configuration.md load", async (yaml) => {
  const indented = yaml.replaceAll(/^/gm, "  ");
  const text = `customPlaybooks:\n${indented}\nsinksConfig:\n  - console_sink: { name: alerts }\n`;
  const checked = await checkConfiguration({ file: "docs.yaml", text, workDir: "/nowhere", ...(await vocabulary()) });
  expect(checked).toEqual({ problems: [], notices: [] });
});

it("the credentials of docs/configuration.md load", () => {
  const [, text = ""] =
    /^```yaml auth\n(.*?)^```$/ms.exec(readFileSync(path.join(root, "docs/configuration.md"), "utf8")) ?? [];
  const env = { DEPLOY_BOT_KEY: "k".repeat(32) };
  const { tokens, signers } = readConfiguration(text, { file: "docs.yaml", env });
  expect([...tokens, ...signers].map(({ name }) => name)).toEqual(["alertmanager", "on-call", "deploy-bot"]);
});

it("docs/coming-from-robusta.md names what is not here, and nothing that is", async () => {
  const { builtinActions, triggers, sinkTypes } = await vocabulary();
  const here = new Set([...[...builtinActions, ...triggers].map(({ name }) => name), ...sinkTypes.keys()]);
  const [, tables = ""] = readFileSync(path.join(root, "docs/coming-from-robusta.md"), "utf8").split(
    "## What is not here",
  );
  const named = [...tables.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = ""]) => cell.match(/(?<=`)\w+(?=`)/g) ?? []);
  const absent = [...modelActions, ...modelTriggers, ...modelSinks].filter((name) => !here.has(name));
  expect(named.toSorted()).toEqual(absent.toSorted());
});

it("docs/reference.md is what `npm run generate` writes", () => {
  expect(readFileSync(path.join(root, "docs/reference.md"), "utf8")).toBe(reference);
});
