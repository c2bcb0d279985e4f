/** Where a bundle was as its process was interrupted. */
import { readFile } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * The place in the sources: `/folder/a.ts:3:7`. `stderr` is what `node --trace-sigint` prints of a SIGINT, whose places are those of the
 * bundle: Node maps errors only. Undefined where nothing of the repository's own ran.
 */
export async function interruptedAt(
  stderr: string,
  { file, folder }: { readonly file: string; readonly folder: string },
): Promise<string | undefined> {
  const [, trace = ""] = /KEYBOARD_INTERRUPT[^\n]*\n(.*)/s.exec(stderr) ?? [];
  const frames = [...trace.matchAll(/(file:[^\s()]+):(\d+):(\d+)/g)];
  const own = frames.filter(([, url = ""]) => fileURLToPath(url) === file);
  const map = own.length > 0 ? await mapOf(file) : undefined;
  for (const [, , line, column] of own) {
    const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !("originalSource" in entry)) continue;
    const path = fileURLToPath(new URL(entry.originalSource, map?.payload.sourceRoot));
    if (path.startsWith(`${folder}/`) && !path.includes("/node_modules/")) {
      return `${path}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    }
  }
  return undefined;
}

async function mapOf(file: string): Promise<SourceMap | undefined> {
  const text = await readFile(file, "utf8");
  const [, base64] = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(text) ?? [];
  if (base64 === undefined) return undefined;
  const payload: SourceMapPayload = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
  return new SourceMap(payload);
}
