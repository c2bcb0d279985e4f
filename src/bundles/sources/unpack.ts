/** Unpacks tar archives of strangers: nothing of them gets out of its folder, and none of them fills the disk. */
import { readdir, realpath, rm } from "node:fs/promises";
import path from "node:path";
import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { limited, tooLarge } from "./limited.ts";
import { type Limits, type SourceError, wrong } from "./sources.ts";

const whole = "What the archive unpacks to";

/**
 * `folder` is empty, and nobody else writes into it. Throws a SourceError where there is anything in the archive that should not be; what was
 * written until then is left.
 */
export async function unpack(
  tar: readonly [Readable, ...Transform[]],
  folder: string,
  { unpacked, entries }: Pick<Limits, "unpacked" | "entries">,
): Promise<void> {
  const { extract } = await import("./tar.ts");
  let refusal: SourceError | undefined;
  let count = 0;
  let bytes = 0;
  const refusalOf = (entry: Entry): SourceError | undefined => {
    count += 1;
    bytes += entry.size;
    if (count > entries) return wrong(`The archive has more than ${entries} files and folders`);
    if (bytes > unpacked) return tooLarge(whole, unpacked);
    const why = whyNot(entry);
    return why === undefined ? undefined : wrong(why);
  };
  const writing = extract({
    cwd: folder,
    strict: true,
    // Whoever wrote the archive owns nothing here.
    preserveOwner: false,
    filter(_, entry) {
      if ("header" in entry) {
        refusal ??= refusalOf(entry);
        // What is compiled is only read.
        entry.mode = entry.type === "Directory" ? 0o755 : 0o644;
      }
      return refusal === undefined;
    },
  });
  try {
    await pipeline([...tar, limited(unpacked + entries * headerBytes, whole), writing]);
  } catch (error) {
    throw refusal ?? (isBroken(error) ? wrong("It is no tar archive, or a broken one") : error);
  }
  if (refusal !== undefined) throw refusal;
  await keepLinksWithin(folder);
}

/** Of an entry, with what rounds it up. */
const headerBytes = 2_048;

/** In the words of zlib and of node-tar. */
const isBroken = (error: unknown) =>
  error instanceof Error && "code" in error && /^(?:Z_|TAR_)/.test(String(error.code));

/** What an entry of an archive says of itself. */
export interface Entry {
  /** With slashes, as it is written. */
  readonly path: string;
  /** In node-tar's words: `File`, `Directory`, `SymbolicLink`, …. */
  readonly type: string;
  readonly linkpath?: string | undefined;
  readonly size: number;
}

const plain = new Set(["File", "OldFile", "ContiguousFile", "Directory"]);

/** Undefined where it may be written. */
export function whyNot({ path: name, type, linkpath = "" }: Entry): string | undefined {
  if (leavesIts(name)) return `The archive holds a path that leads out of it, ${JSON.stringify(name)}`;
  if (plain.has(type)) return undefined;
  const target = type === "SymbolicLink" ? path.posix.join(path.posix.dirname(name), linkpath) : linkpath;
  if (type !== "SymbolicLink" && type !== "Link") {
    return `The archive holds something that is no file, folder or link, ${JSON.stringify(name)}`;
  }
  if (!path.posix.isAbsolute(linkpath) && !leavesIts(path.posix.normalize(target))) return undefined;
  return `The archive holds a link that leads out of it, ${JSON.stringify(name)}`;
}

const leavesIts = (name: string) =>
  path.posix.isAbsolute(name) || /^[a-z]:/i.test(name) || name.split(/[\\/]/).includes("..");

/** A link over another link may lead elsewhere than its text says. Those to nothing are of no use, and taken away. */
async function keepLinksWithin(folder: string): Promise<void> {
  const root = await realpath(folder);
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of found.filter((one) => one.isSymbolicLink())) {
    const at = path.join(entry.parentPath, entry.name);
    const target = await realpath(at).catch(() => undefined);
    if (target === undefined) await rm(at);
    else if (target !== root && !target.startsWith(root + path.sep)) {
      const name = JSON.stringify(path.relative(root, at));
      throw wrong(`The archive holds a link that leads out of it, ${name}`);
    }
  }
}

/** The folder that an archive packs everything into, as hosters and npm do, or the folder itself. */
export async function rootOf(folder: string): Promise<string> {
  const [only, ...more] = await readdir(folder, { withFileTypes: true });
  return only?.isDirectory() && more.length === 0 ? path.join(folder, only.name) : folder;
}
