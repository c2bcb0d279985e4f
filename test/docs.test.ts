/** What our pages name must exist: guides that point to nowhere are worse than none. */
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

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
