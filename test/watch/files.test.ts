import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { watchFiles } from "../../src/watch/files.ts";
import { writeFolder } from "../helpers/write-folder.ts";

/** Begins to watch, and knows what is there. */
async function watch(at: string) {
  const told: string[] = [];
  const { catchUp, close } = watchFiles(at).start((why) => told.push(why));
  onTestFinished(close);
  await catchUp();
  return { told, catchUp };
}

const heard = async (told: readonly string[], times = 1) =>
  await vi.waitFor(() => expect(told).toHaveLength(times), { timeout: 10_000, interval: 10 });

/** As a Kubernetes mount: the file is a link into a folder that is a link, which is swapped whole. */
function mount(): { readonly folder: string; readonly swap: (number: number, text: string) => void } {
  const folder = writeFolder({});
  const swap = (number: number, text: string) => {
    mkdirSync(join(folder, `..v${number}`));
    writeFileSync(join(folder, `..v${number}`, "cortado.yaml"), text);
    symlinkSync(`..v${number}`, join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  swap(1, "a: 1");
  symlinkSync("..data/cortado.yaml", join(folder, "cortado.yaml"));
  return { folder, swap };
}

it.each<[string, (file: string) => void]>([
  ["written in its place", (file) => writeFileSync(file, "a: 2")],
  ["written in pieces", (file) => ["a: ", "2", "\n", "b: 3"].map((text) => appendFileSync(file, text))],
  [
    "replaced by another",
    (file) => {
      writeFileSync(`${file}.new`, "a: 2");
      renameSync(`${file}.new`, file);
    },
  ],
  ["removed", (file) => rmSync(file)],
])("a file that is %s has moved, once", async (_, change) => {
  const file = join(writeFolder({ "cortado.yaml": "a: 1" }), "cortado.yaml");
  const { told } = await watch(file);
  change(file);
  await heard(told);
  expect(told).toEqual([`${file} changed`]);
});

it("a file that was not there has moved when it is", async () => {
  const file = join(writeFolder({}), "cortado.yaml");
  const { told } = await watch(file);
  writeFileSync(file, "a: 1");
  await heard(told);
});

it("a mount that is swapped has moved where its content has", async () => {
  const { folder, swap } = mount();
  const { told } = await watch(join(folder, "cortado.yaml"));
  swap(2, "a: 2");
  await heard(told);
  swap(3, "a: 2");
  swap(4, "a: 4");
  await heard(told, 2);
});

it("what is touched, replaced by its equal or caught up with has not moved", async () => {
  const folder = writeFolder({ touched: "a", equal: "a", known: "a", marker: "a" });
  const at = (name: string) => join(folder, name);
  const [touched, equal, known, marker] = await Promise.all(
    ["touched", "equal", "known", "marker"].map((name) => watch(at(name))),
  );
  utimesSync(at("touched"), new Date(), new Date());
  writeFileSync(at("equal.new"), "a");
  renameSync(at("equal.new"), at("equal"));
  writeFileSync(at("known"), "b");
  await known?.catchUp();
  writeFileSync(at("marker"), "b");
  await heard(marker?.told ?? []);
  expect([touched, equal, known].map((one) => one?.told)).toEqual([[], [], []]);
});

it.each<[string, string, boolean]>([
  ["a source", "src/deep/action.ts", true],
  ["the lockfile", "package-lock.json", true],
  ["a dependency", "node_modules/left-pad/index.js", false],
  ["what an editor keeps", ".idea/cache.json", false],
  ["a page", "README.md", false],
])("a folder moves with %s (%s): %s", async (_, file, moves) => {
  const folder = writeFolder({ "index.ts": "1", [file]: "1" });
  const { told } = await watch(folder);
  writeFileSync(join(folder, file), "2");
  if (!moves) writeFileSync(join(folder, "index.ts"), "3");
  await heard(told);
  if (moves) return;
  // Had it counted, it would have been told before or with the other.
  expect(told).toEqual([`${folder} changed`]);
});
