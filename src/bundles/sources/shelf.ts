/** What was fetched of one source: a folder for each of its last two versions, and which of them counts. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { Revision, Taken } from "./sources.ts";

export interface Shelf {
  /** The latest that was fetched; undefined where nothing was, or of another source under this name. */
  current(): Promise<Kept | undefined>;
  /** Keeps a version whose files `fill` puts into an empty folder; it counts from now on, and all but the one before it are removed. */
  put(fill: (folder: string) => Promise<Taken>): Promise<Kept>;
  /** What came of asking the source the last time that this process did. */
  asked(): Promise<Asked | undefined>;
  /** Undefined: it has to be asked. */
  note(asked: Asked | undefined): Promise<void>;
}

export interface Asked {
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** Why it was of no use, where it was not. */
  readonly away?: string;
}

export interface Kept {
  readonly revision: Revision;
  readonly folder: string;
}

const recordSchema = z.object({
  identity: z.string(),
  revision: z.object({ id: z.string(), etag: z.string().exactOptional(), lastModified: z.string().exactOptional() }),
});

const askedSchema = z.object({ at: z.number(), away: z.string().exactOptional() });

/** Folders of what is under way begin so; then comes the process that they are of. */
const passing = ".tmp-";
const newPassing = () => `${passing}${process.pid}-${randomUUID()}`;
/** After that nobody can be at it any more. */
const forgottenMilliseconds = 15 * 60_000;

export function openShelf(home: string, identity: string): Shelf {
  const record = path.join(home, "current.json");
  const askedFile = path.join(home, "asked.json");
  const hashed = createHash("sha256").update(identity).digest("hex");

  const current = async (): Promise<Kept | undefined> => {
    const found = await readJson(record, recordSchema);
    if (found === undefined || found.identity !== hashed) return undefined;
    const folder = path.join(home, found.revision.id);
    return (await exists(folder)) ? { revision: found.revision, folder } : undefined;
  };

  const put = (fill: (folder: string) => Promise<Taken>): Promise<Kept> =>
    aside(home, async (beside) => {
      const files = path.join(beside, "files");
      await mkdir(files);
      const { revision, root } = await fill(files);
      const folder = path.join(home, revision.id);
      const before = await readJson(record, recordSchema);
      // The same content may be there already, as what it was before the last one.
      await rename(root, folder).catch(async (error: unknown) => {
        if (!(await exists(folder))) throw error;
      });
      const written = path.join(beside, "current.json");
      await writeFile(written, JSON.stringify({ identity: hashed, revision }));
      await rename(written, record);
      await removeBut(home, [revision.id, before?.revision.id]);
      return { revision, folder };
    });

  return {
    current,
    put,
    async asked() {
      const found = await readJson(askedFile, askedSchema);
      // Another process may have been stopped for long.
      return found !== undefined && found.at >= Date.now() - process.uptime() * 1_000 ? found : undefined;
    },
    async note(asked) {
      if (asked === undefined) return await rm(askedFile, { force: true });
      await mkdir(home, { recursive: true });
      const written = path.join(home, newPassing());
      await writeFile(written, JSON.stringify(asked));
      await rename(written, askedFile);
    },
  };
}

/** Calls `use` with a folder that only this user may read, and that is gone afterwards, whatever happens. */
export async function aside<T>(home: string, use: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(home, { recursive: true });
  await sweep(home);
  const folder = path.join(home, newPassing());
  await mkdir(folder, { mode: 0o700 });
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

async function removeBut(home: string, ids: readonly (string | undefined)[]): Promise<void> {
  const folders = (await readdir(home, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const old = folders.filter(({ name }) => !name.startsWith(passing) && !ids.includes(name));
  await Promise.all(old.map(({ name }) => rm(path.join(home, name), { recursive: true, force: true })));
}

/** What a process has left that was killed: there may be a key in it. */
async function sweep(home: string): Promise<void> {
  const left = (await readdir(home)).filter((name) => name.startsWith(passing));
  for (const name of left) {
    const at = path.join(home, name);
    const found = await stat(at).catch(() => undefined);
    if (found !== undefined && isLeft(name, found.mtimeMs)) await rm(at, { recursive: true, force: true });
  }
}

function isLeft(name: string, changed: number): boolean {
  const age = Date.now() - changed;
  const pid = Number.parseInt(name.slice(passing.length), 10);
  // In containers every process has the number of the one before it.
  if (pid === process.pid) return age > Math.min(process.uptime() * 1_000, forgottenMilliseconds);
  return age > forgottenMilliseconds || !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const exists = (at: string) =>
  stat(at).then(
    () => true,
    () => false,
  );
