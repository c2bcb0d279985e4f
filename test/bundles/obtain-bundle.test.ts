import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import type { HostModules } from "../../src/bundles/host.ts";
import { loadBundle } from "../../src/bundles/load-bundle.ts";
import { type ObtainOptions, obtainBundle } from "../../src/bundles/obtain-bundle.ts";
import * as cortado from "../../src/index.ts";
import { type Answer, startAnsweringServer } from "../helpers/answering-server.ts";
import { tgz } from "../helpers/tarballs.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const host: HostModules = { cortado, zod: z };
const at = "cortado.yaml:2:9";

const options = (): ObtainOptions => {
  const home = writeFolder({});
  return { workDir: join(home, "bundles"), fetchDir: join(home, "repositories"), env: process.env, host, at };
};

const action = (name: string) => `import { action, PodEvent } from "cortado";
export const it = action({ name: "${name}", on: PodEvent, run: () => {} });
`;

const urlOf = (path: string) => pathToFileURL(path).href;

async function obtained(url: string, with_ = options()) {
  const result = await obtainBundle({ name: "mine", url }, with_);
  if (!("bundle" in result)) throw new Error(JSON.stringify(result.problems));
  const { exports } = await loadBundle(result.bundle, host);
  return { ...result, names: result.manifest.actions.map(({ name }) => name), exports };
}

async function serving(answer: () => Answer): Promise<string> {
  const server = await startAnsweringServer(answer);
  onTestFinished(server.close);
  return `${server.url}/actions.tgz`;
}

describe("a repository becomes a bundle", () => {
  it("from a folder, and from a tarball", async () => {
    const folder = await obtained(urlOf(writeFolder({ "a.ts": action("near") })));
    expect(folder.names).toEqual(["near"]);
    const url = await serving(() => ({ text: tgz({ "actions-1.0/a.ts": action("far") }) }));
    const with_ = options();
    const tarball = await obtained(url, with_);
    expect(tarball.names).toEqual(["far"]);
    expect(tarball.exports).toHaveLength(1);
    expect(tarball.warnings).toEqual([]);
    expect(readdirSync(join(with_.fetchDir, "mine"))).toHaveLength(3);
  });

  it("from a bundle that was compiled elsewhere, whatever becomes of that afterwards", async () => {
    const compiled = await obtained(urlOf(writeFolder({ "a.ts": action("ready") })));
    const folder = writeFolder({});
    for (const name of ["actions.mjs", `${compiled.bundle.sha256}.mjs`]) {
      const file = join(folder, name);
      copyFileSync(compiled.bundle.file, file);
      const { bundle, names } = await obtained(urlOf(file));
      expect(names).toEqual(["ready"]);
      expect(bundle).toMatchObject({ repository: "mine", sha256: compiled.bundle.sha256, source: "configured" });
      writeFileSync(file, "nonsense");
      expect(readFileSync(bundle.file, "utf8")).toContain("ready");
    }
  });

  it.each<[string, (folder: string, bundle: string) => string, RegExp]>([
    ["that is not there", (folder) => join(folder, "none.mjs"), /^The bundle \S+none\.mjs cannot be read: ENOENT/],
    [
      "whose bytes are not those of its name",
      (folder) => {
        const file = join(folder, `${"0".repeat(64)}.mjs`);
        writeFileSync(file, "export const a = 1;");
        return file;
      },
      /^\S+0\.mjs is not what was compiled: its hash is not its name\.$/,
    ],
    [
      "that was made for another API",
      (folder, bundle) => {
        copyFileSync(bundle, join(folder, "old.mjs"));
        writeFileSync(join(folder, "old.json"), JSON.stringify({ api: 0, cortado: "0.0.1" }));
        return join(folder, "old.mjs");
      },
      /^The bundle was made for version 0 of Cortado's API \(by Cortado 0\.0\.1\), and this Cortado has version 1; compile it again\.$/,
    ],
  ])("and not from a bundle %s", async (_, make, message) => {
    const { bundle } = await obtained(urlOf(writeFolder({ "a.ts": action("ready") })));
    const result = await obtainBundle({ name: "mine", url: urlOf(make(writeFolder({}), bundle.file)) }, options());
    expect(result.problems).toEqual([{ at, message: expect.stringMatching(message) }]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      "one written in Python",
      { "actions-1.0/pyproject.toml": "[tool.poetry]\n" },
      /^This repository is written in Python; /,
    ],
    ["one with nothing in it", { "README.md": "" }, /holds no TypeScript or JavaScript/],
    [
      "one with dependencies and no lockfile",
      { "package.json": '{"dependencies": {"left-pad": "1.0.0"}}', "a.ts": action("a") },
      /package-lock\.json/,
    ],
  ])("and says where the configuration names it what is wrong with it: %s", async (_, files, message) => {
    const url = await serving(() => ({ text: tgz(files) }));
    const result = await obtainBundle({ name: "mine", url }, options());
    expect(result.problems).toEqual([{ at, message: expect.stringMatching(message) }]);
  });

  it("from what was fetched before where its source is away, with a warning there", async () => {
    let answer: Answer = { text: tgz({ "a.ts": action("far") }) };
    const url = await serving(() => answer);
    const first = options();
    await obtained(url, first);
    answer = { status: 503 };
    // As another process, which has asked nobody yet.
    for (const name of ["asked.json"]) writeFileSync(join(first.fetchDir, "mine", name), '{"at":0}');
    const { names, warnings } = await obtained(url, first);
    expect(names).toEqual(["far"]);
    expect(warnings).toEqual([
      { at, message: expect.stringContaining("HTTP status 503; what was fetched before goes on") },
    ]);
  });
});
