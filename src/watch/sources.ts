/** Which watchers a generation needs, by what it is made of. */
import { fileURLToPath } from "node:url";
import type { Sources } from "../playbooks/manifest.ts";
import { watchFiles } from "./files.ts";
import type { Watcher } from "./watcher.ts";

export function watchersOf({ files, repositories }: Sources): ReadonlyMap<string, Watcher> {
  const local = repositories.filter(({ url }) => url.startsWith("file:")).map(({ url }) => fileURLToPath(url));
  return new Map([...files, ...local].map((at) => [at, watchFiles(at)]));
}
