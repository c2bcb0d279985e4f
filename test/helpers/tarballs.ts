/** Tar archives written by hand, since no archiver would write some of them. */
import { gzipSync } from "node:zlib";
import { Header, type HeaderData } from "tar";

export type TarEntry = HeaderData & { readonly path: string; readonly content?: string };

export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ content = "", ...of }) => {
    const block = Buffer.alloc(512);
    new Header({ mode: 0o644, mtime: new Date(0), type: "File", size: content.length, ...of }).encode(block);
    const padded = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    padded.write(content);
    return [block, padded];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** A compressed archive of files, by path. */
export const tgz = (files: Readonly<Record<string, string>>): Uint8Array =>
  gzipSync(tarOf(Object.entries(files).map(([path, content]) => ({ path, content }))));
