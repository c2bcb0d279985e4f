import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Compiled, compileRepository, type RepositoryOptions } from "./compile.ts";
import { pushedUrl } from "./fetch-pushed.ts";

/** Compiles a folder so that its bundle is the same wherever that is. */
export async function compileForPush(
  folder: string,
  options: Pick<RepositoryOptions, "name" | "workDir" | "host" | "types">,
): Promise<Compiled> {
  const url = pathToFileURL(path.resolve(folder)).href;
  return await compileRepository({ ...options, url, sourceRoot: pushedUrl(options.name) });
}
