import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fetchPushed } from "../../src/bundles/fetch-pushed.ts";
import { createFolderStore } from "../../src/bundles/folder-store.ts";
import type { BundleStore } from "../../src/bundles/store.ts";
import { UnavailableError } from "../../src/errors.ts";
import type { PushedRepository, PushedVersion } from "../../src/state/state.ts";
import { compiledForPush } from "../helpers/compiled.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const source = (name: string) => `import { action, PodEvent } from "cortado";
export const it = action({ name: "${name}", on: PodEvent, run: () => {} });
`;

interface Pushed {
  readonly version: PushedVersion;
  readonly bytes: Uint8Array;
}

const compiled = new Map<string, ReturnType<typeof compiledForPush>>();

async function pushed(name: string, more: Partial<PushedVersion> = {}): Promise<Pushed> {
  const made = compiled.get(name) ?? compiledForPush("mine", { "a.ts": source(name) });
  compiled.set(name, made);
  const { bytes, sha256 } = await made;
  const version = { sha256, bytes: bytes.length, apiVersion: 1, packageVersion: name, pushedAt: 0, by: "me", ...more };
  return { version, bytes };
}

const at = (live: Pushed, ...history: readonly Pushed[]): PushedRepository => ({
  name: "mine",
  revision: 1,
  live: live.version,
  history: history.map(({ version }) => version),
});

async function start(...kept: readonly Pushed[]) {
  const folder = writeFolder({});
  const store = createFolderStore(path.join(folder, "store"));
  for (const { version, bytes } of kept) await store.put(version.sha256, bytes);
  const workDir = path.join(folder, "bundles");
  return { store, workDir, fileOf: ({ version }: Pushed) => path.join(workDir, "mine", `${version.sha256}.mjs`) };
}

const refuse = async (): Promise<never> => {
  throw new UnavailableError("Nobody answers there.");
};
const away: BundleStore = { name: "s3://far", put: refuse, get: refuse, delete: refuse, list: refuse };

describe("what is pushed", () => {
  it("is fetched once, with its manifest", async () => {
    const one = await pushed("one");
    const { store, workDir, fileOf } = await start(one);
    const { bundles, problems, notices } = await fetchPushed([at(one)], { store, workDir });
    expect({ problems, notices }).toEqual({ problems: [], notices: [] });
    expect(bundles).toMatchObject([{ repository: "mine", file: fileOf(one), source: "pushed" }]);
    const manifest = JSON.parse(await readFile(bundles[0]?.manifest.file ?? "", "utf8"));
    expect(manifest).toMatchObject({ package: { name: "mine", version: "one" }, actions: [{ name: "one" }] });
    expect(await fetchPushed([at(one)], { store: away, workDir })).toMatchObject({
      bundles,
      problems: [],
      notices: [],
    });
  });

  it("is fetched again where it was damaged on this machine", async () => {
    const one = await pushed("one");
    const { store, workDir, fileOf } = await start(one);
    await fetchPushed([at(one)], { store, workDir });
    await writeFile(fileOf(one), "damaged");
    expect(await fetchPushed([at(one)], { store, workDir })).toMatchObject({ bundles: [{}], problems: [] });
    expect(await readFile(fileOf(one))).toHaveLength(one.bytes.length);
  });

  it("is stood in for, where the store is away, by the latest version before it that is on this machine", async () => {
    const [one, two, three] = [await pushed("one"), await pushed("two"), await pushed("three")];
    const { store, workDir } = await start(one, two);
    await fetchPushed([at(one)], { store, workDir });
    const found = await fetchPushed([at(three, two, one)], { store: away, workDir });
    expect(found).toMatchObject({ bundles: [{ sha256: one.version.sha256 }], problems: [] });
    const id = ({ version }: Pushed) => version.sha256.slice(0, 8);
    expect(found.notices).toEqual([
      {
        at: `mine three (${id(three)})`,
        message: `Nobody answers there. mine one (${id(one)}), which is on this machine, stands in for it.`,
      },
    ]);
  });

  it("is stood in for where the store has lost it", async () => {
    const [one, two] = [await pushed("one"), await pushed("two")];
    const { store, workDir } = await start(one);
    await fetchPushed([at(one)], { store, workDir });
    const { bundles, notices } = await fetchPushed([at(two, one)], { store, workDir });
    expect(bundles).toMatchObject([{ sha256: one.version.sha256 }]);
    expect(notices[0]?.message).toContain(`has no bundle ${two.version.sha256} any more.`);
  });

  it("is a problem where the store is away and nothing of it is on this machine", async () => {
    const [one, two] = [await pushed("one"), await pushed("two")];
    const { workDir } = await start();
    expect(await fetchPushed([at(two, one)], { store: away, workDir })).toMatchObject({
      names: ["mine"],
      bundles: [],
      problems: [{ message: "Nobody answers there." }],
    });
  });

  it("is refused where it was tampered with in the store, whatever was there before", async () => {
    const [one, two] = [await pushed("one"), await pushed("two")];
    const { store, workDir, fileOf } = await start(one, two);
    await fetchPushed([at(one)], { store, workDir });
    await store.put(two.version.sha256, Buffer.from(`${two.bytes}\n`));
    const found = await fetchPushed([at(two, one)], { store, workDir });
    expect(found).toMatchObject({ bundles: [], problems: [{ message: expect.stringContaining("its hash differs") }] });
    await expect(readFile(fileOf(two))).rejects.toThrow("ENOENT");
  });

  it("is refused where its manifest on this machine was tampered with: it is asked again", async () => {
    const one = await pushed("one");
    const { store, workDir } = await start(one);
    const [bundle] = (await fetchPushed([at(one)], { store, workDir })).bundles;
    await rm(bundle?.manifest.file ?? "");
    await writeFile(bundle?.manifest.file ?? "", "{}");
    const [again] = (await fetchPushed([at(one)], { store, workDir })).bundles;
    expect(again).toEqual(bundle);
  });

  it("is refused where it is made for another major version of the API", async () => {
    const one = await pushed("one", { apiVersion: 7 });
    const { store, workDir } = await start(one);
    expect(await fetchPushed([at(one)], { store, workDir })).toMatchObject({
      bundles: [],
      problems: [{ message: expect.stringMatching(/^It was made for version 7 of Cortado's API/) }],
    });
  });
});
