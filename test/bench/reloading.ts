/** A server that reloads, again and again, a repository whose bundle is another one each time; what that took is its report. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createLogger } from "../../src/log.ts";
import { startServer } from "../../src/server/server.ts";
import { settingsFrom } from "../../src/settings.ts";
import { createScrubber } from "../../src/tools/scrub.ts";
import { serveParent } from "./target.ts";

export interface ReloadReport {
  readonly bundleBytes: number;
  /** Of each reload, from the question to the answer that the new version serves, in milliseconds. */
  readonly milliseconds: readonly number[];
  /** Of the whole process after each, in megabytes. */
  readonly resident: readonly number[];
}

const reloads = Number(process.env.BENCH_RELOADS);
const functions = 1_000;

/** An action among a thousand functions, some 200 KB in all: dependencies, as it were. */
const source = (version: number) => `
import { action, ExecutionBaseEvent, markdown } from "cortado";
${Array.from(
  { length: functions },
  (_, index) =>
    `export function helper${index}(rows: readonly { name: string; value: number }[]) {
  const large = rows.filter(({ value }) => value > ${version} + ${index}).map(({ name }) => name.toUpperCase());
  return large.join(", ") || "nothing of ${index}";
}`,
).join("\n")}
export const measured = action({
  name: "measured",
  on: ExecutionBaseEvent,
  run: (event) => void event.addEnrichment([markdown(helper0([]) + "${version}")]),
});
`;

const settings = settingsFrom(process.env);
const folder = path.dirname(path.resolve(settings.configuration));
const repository = path.join(folder, "repository");
const write = (version: number) => writeFile(path.join(repository, "measured.ts"), source(version));
await mkdir(repository);
await write(0);
const playbookRepos = { measured: { url: pathToFileURL(repository).href } };
await writeFile(settings.configuration, JSON.stringify({ playbookRepos }));

const server = await startServer({
  settings,
  workerEntry: new URL("../../functions/node-worker.ts", import.meta.url),
  port: 0,
  adminPort: 0,
  log: createLogger({ level: "error", scrubber: createScrubber() }),
});
const report = { bundleBytes: Buffer.byteLength(source(0)), milliseconds: [] as number[], resident: [] as number[] };
for (let version = 1; version <= reloads; version += 1) {
  await write(version);
  const began = performance.now();
  const reloaded = await server.reload("the benchmark");
  if (!reloaded.ok) throw new Error(JSON.stringify(reloaded.problems));
  report.milliseconds.push(performance.now() - began);
  report.resident.push(process.memoryUsage.rss() / 1024 / 1024);
}
serveParent(server.url, (): ReloadReport => report, server.close);
