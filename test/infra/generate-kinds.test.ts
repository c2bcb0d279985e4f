import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { files } from "../../infra/generate-kinds.ts";

const root = path.resolve(import.meta.dirname, "../..");

it("writes every generated file", () => {
  expect(globSync("src/**/*.gen.ts", { cwd: root }).sort()).toEqual(Object.keys(files).sort());
});

it.each(Object.entries(files))("%s is what `npm run generate` writes", (file, text) => {
  expect(readFileSync(path.join(root, file), "utf8")).toBe(formatted(text, file));
});

function formatted(text: string, file: string): string {
  const biome = path.join(root, "node_modules/@biomejs/biome/bin/biome");
  const command = [biome, "check", "--write", `--stdin-file-path=${file}`];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: root, input: text, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}
