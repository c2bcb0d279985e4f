/** What it costs to compile a playbook repository: esbuild, and the process in which its bundle is asked what it is. */
import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compileRepository } from "../../src/bundles/compile.ts";
import { host } from "../../src/playbooks/host.ts";
import { median } from "./statistics.ts";

/** Milliseconds. */
export interface Compile {
  readonly actions: number;
  /** In a process that has compiled nothing before. */
  readonly first: number;
  /** Of sources that have changed. */
  readonly changed: number;
  /** Of sources that have not: what the bundle is, is known. */
  readonly unchanged: number;
  /** How many times as long what has changed takes. */
  readonly ratio: number;
}

const rounds = 10;
const examples = path.resolve(import.meta.dirname, "../../docs/examples/my-actions");

export async function measureCompile(folder: string): Promise<Compile> {
  // As a server does.
  process.env.NODE_COMPILE_CACHE ??= path.join(folder, "compiled");
  const repository = path.join(folder, "my-actions");
  await cp(examples, repository, { recursive: true });
  const options = { name: "mine", url: pathToFileURL(repository).href, workDir: path.join(folder, "bundles"), host };
  let actions = 0;
  const timed = async () => {
    const began = performance.now();
    const compiled = await compileRepository(options);
    if (!("manifest" in compiled)) throw new Error(JSON.stringify(compiled.problems));
    actions = compiled.manifest.actions.length;
    return performance.now() - began;
  };
  const first = await timed();
  const changed: number[] = [];
  const unchanged: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await writeFile(path.join(repository, "round.ts"), `export const round = ${round};\n`);
    changed.push(await timed());
    unchanged.push(await timed());
  }
  const ratio = median(changed.map((time, round) => time / (unchanged[round] ?? Number.NaN)));
  return { actions, first, changed: median(changed), unchanged: median(unchanged), ratio };
}
