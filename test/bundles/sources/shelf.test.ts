import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aside, openShelf } from "../../../src/bundles/sources/shelf.ts";
import { writeFolder } from "../../helpers/write-folder.ts";

const put = (home: string, id: string, identity = "a") =>
  openShelf(home, identity).put(async (folder) => {
    writeFileSync(join(folder, "a.ts"), id);
    return { revision: { id }, root: folder };
  });

it("keeps the last two versions, and knows the last one in another process", async () => {
  const home = join(writeFolder({}), "mine");
  expect(await openShelf(home, "a").current()).toBeUndefined();
  for (const id of ["1", "2", "3"]) await put(home, id);
  expect(readdirSync(home).sort()).toEqual(["2", "3", "current.json"]);
  expect(await openShelf(home, "a").current()).toEqual({ revision: { id: "3" }, folder: join(home, "3") });
  await put(home, "2");
  expect(await openShelf(home, "a").current()).toMatchObject({ revision: { id: "2" } });
});

it("has nothing of another source under the same name, nor of what was taken away", async () => {
  const home = writeFolder({});
  await put(home, "1");
  expect(await openShelf(home, "b").current()).toBeUndefined();
  await put(home, "2", "b");
  expect(await openShelf(home, "a").current()).toBeUndefined();
  writeFileSync(join(home, "current.json"), "nonsense");
  expect(await openShelf(home, "b").current()).toBeUndefined();
});

it("keeps what it has where the next one fails halfway", async () => {
  const home = writeFolder({});
  await put(home, "1");
  const failing = openShelf(home, "a").put(async (folder) => {
    writeFileSync(join(folder, "half"), "");
    throw new Error("cut");
  });
  await expect(failing).rejects.toThrow("cut");
  expect(readdirSync(home).sort()).toEqual(["1", "current.json"]);
});

it("lends folders that nobody else may read, and takes them back, also those of processes that were killed", async () => {
  const home = writeFolder({});
  const old = new Date(Date.now() - 3_600_000);
  // No process has this number: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html, pid_max.
  const left = [`.tmp-${process.pid}-earlier`, ".tmp-4194999-dead"].map((name) => join(home, name));
  for (const folder of left) mkdirSync(folder);
  utimesSync(left[0] ?? "", old, old);
  const others = join(home, `.tmp-${process.ppid}-alive`);
  mkdirSync(others);
  await aside(home, async (folder) => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(left.map((one) => existsSync(one))).toEqual([false, false]);
    await aside(home, async () => undefined);
    expect(existsSync(folder)).toBe(true);
  });
  expect(readdirSync(home)).toEqual([`.tmp-${process.ppid}-alive`]);
});
