import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { unpack } from "../../../src/bundles/sources/unpack.ts";
import { type TarEntry, tarOf } from "../../helpers/tarballs.ts";
import { writeFolder } from "../../helpers/write-folder.ts";

async function unpacked(tar: Buffer, limits = { unpacked: 100_000, entries: 20 }) {
  const home = writeFolder({ "beside/secret": "s" });
  const folder = writeFolder({ "in/x": "" });
  const result = await unpack([Readable.from([tar])], join(folder, "in"), limits).then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { result, folder: join(folder, "in"), outside: readdirSync(folder).concat(readdirSync(home)) };
}

describe("an archive", () => {
  it("becomes files and folders, and links that stay within", async () => {
    const { result, folder } = await unpacked(
      tarOf([
        { path: "src/", type: "Directory", mode: 0o777 },
        { path: "src/a.ts", content: "export {};", mode: 0o4777, uid: 1234, gid: 1234 },
        { path: "deep/er/b.ts", content: "b" },
        { path: "link.ts", type: "SymbolicLink", linkpath: "src/a.ts" },
        { path: "deep/up.ts", type: "SymbolicLink", linkpath: "../src/a.ts" },
        { path: "hard.ts", type: "Link", linkpath: "src/a.ts" },
        { path: "nowhere.ts", type: "SymbolicLink", linkpath: "is/not/there" },
      ]),
    );
    expect(result).toBe("");
    expect(readdirSync(folder, { recursive: true }).map(String).sort()).toEqual([
      ...["deep", "deep/er", "deep/er/b.ts", "deep/up.ts", "hard.ts", "link.ts", "src", "src/a.ts", "x"],
    ]);
    expect(readFileSync(join(folder, "deep/up.ts"), "utf8")).toBe("export {};");
    const { mode, uid } = lstatSync(join(folder, "src/a.ts"));
    expect({ mode: mode & 0o7133, uid }).toEqual({ mode: 0, uid: process.getuid?.() });
  });

  const outside = "The archive holds a path that leads out of it";
  const link = "The archive holds a link that leads out of it";
  it.each<[string, TarEntry[], string]>([
    ["a path upwards", [{ path: "../evil", content: "x" }], outside],
    ["a path upwards in the middle", [{ path: "a/../../evil", content: "x" }], outside],
    ["a path that only passes upwards", [{ path: "a/b/../evil", content: "x" }], outside],
    ["a path of Windows upwards", [{ path: "a\\..\\..\\evil", content: "x" }], outside],
    ["an absolute path", [{ path: "/tmp/cortado-evil", content: "x" }], outside],
    ["a drive of Windows", [{ path: "C:/evil", content: "x" }], outside],
    ["a link out", [{ path: "evil", type: "SymbolicLink", linkpath: "../beside" }], link],
    ["an absolute link", [{ path: "evil", type: "SymbolicLink", linkpath: "/etc" }], link],
    ["a link out of a folder", [{ path: "a/evil", type: "SymbolicLink", linkpath: "../../beside" }], link],
    ["a hard link out", [{ path: "evil", type: "Link", linkpath: "../beside" }], link],
    ["an absolute hard link", [{ path: "evil", type: "Link", linkpath: "/etc/passwd" }], link],
    [
      "a file through a link out",
      [
        { path: "a", type: "SymbolicLink", linkpath: ".." },
        { path: "a/evil", content: "x" },
      ],
      link,
    ],
    [
      "a link over a link, which leads elsewhere than it says",
      [
        { path: "a/b/c/", type: "Directory" },
        { path: "a/b/c/top", type: "SymbolicLink", linkpath: "../../.." },
        { path: "a/b/c/evil", type: "SymbolicLink", linkpath: "top/../../../.." },
        { path: "a/b/c/evil2", type: "SymbolicLink", linkpath: "top/.." },
      ],
      link,
    ],
    [
      "a device",
      [{ path: "evil", type: "CharacterDevice" }],
      "The archive holds something that is no file, folder or link",
    ],
    ["a pipe", [{ path: "evil", type: "FIFO" }], "The archive holds something that is no file, folder or link"],
    [
      "more files than there may be",
      Array.from({ length: 21 }, (_, index) => ({ path: `f${index}` })),
      "The archive has more than 20 files and folders",
    ],
    [
      "more than there may be, in one",
      [{ path: "a", content: "x".repeat(100_001) }],
      "What the archive unpacks to has more than",
    ],
    [
      "more than there may be, together",
      [1, 2, 3].map((n) => ({ path: `f${n}`, content: "x".repeat(40_000) })),
      "What the archive unpacks to has more than",
    ],
    ["a size that it does not have", [{ path: "a", size: 2 ** 40 }], "What the archive unpacks to has more than"],
  ])("is refused for %s", async (_, entries, message) => {
    const { result, folder, outside: around } = await unpacked(tarOf(entries));
    expect(result).toContain(message);
    expect(around.sort()).toEqual(["beside", "in"]);
    expect(existsSync(join(dirname(folder), "evil"))).toBe(false);
    expect(existsSync("/tmp/cortado-evil")).toBe(false);
  });

  it.each<[string, Buffer]>([
    ["text", Buffer.from("<html>Sign in</html>".repeat(100))],
    ["nothing", Buffer.alloc(0)],
    ["one that is cut off", tarOf([{ path: "a", content: "x".repeat(2_000) }]).subarray(0, 1_500)],
  ])("is refused where it is none: %s", async (_, bytes) => {
    expect((await unpacked(bytes)).result).toBe("It is no tar archive, or a broken one");
  });
});
