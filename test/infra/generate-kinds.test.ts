import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { events, objects } from "../../infra/generate-kinds.ts";

const root = path.resolve(import.meta.dirname, "../..");

it.each([
  { file: "src/kubernetes/objects.gen.ts", generated: objects },
  { file: "src/events/kubernetes.gen.ts", generated: events },
])("$file is what `npm run generate` writes", ({ file, generated }) => {
  expect(readFileSync(path.join(root, file), "utf8")).toBe(formatted(generated, file));
});

function formatted(text: string, file: string): string {
  const biome = path.join(root, "node_modules/@biomejs/biome/bin/biome");
  const command = [biome, "check", "--write", `--stdin-file-path=${file}`];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: root, input: text, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}
