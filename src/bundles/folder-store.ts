/** Bundles in a folder: on a laptop, on a persistent volume, or on what several machines share. */
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { describeError, UnavailableError } from "../errors.ts";
import { type BundleStore, fileNameOf, sha256Of } from "./store.ts";
import { writeWhole } from "./write-whole.ts";

/** Every method throws UnavailableError where the folder cannot be used. It is made when something is put into it. */
export function createFolderStore(folder: string): BundleStore {
  const name = `the folder ${folder}`;
  const fileOf = (sha256: string) => path.join(folder, fileNameOf(sha256));
  const unavailable = (error: unknown) =>
    new UnavailableError(`Bundles cannot be kept in ${name}: ${describeError(error)}.`, { cause: error });
  const orUnavailable = async <T>(task: Promise<T>, missing?: T): Promise<T> => {
    try {
      return await task;
    } catch (error) {
      if (missing !== undefined && isMissing(error)) return missing;
      throw unavailable(error);
    }
  };
  return {
    name,
    put: (sha256, bytes) => orUnavailable(writeWhole(fileOf(sha256), bytes)),
    async get(sha256) {
      try {
        return await readFile(fileOf(sha256));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw unavailable(error);
      }
    },
    delete: (sha256) => orUnavailable(rm(fileOf(sha256), { force: true })),
    async list() {
      const names = await orUnavailable(readdir(folder), []);
      return names.flatMap((file) => sha256Of(file) ?? []);
    },
  };
}

const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
