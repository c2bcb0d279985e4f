/** What a build weighs, for people: each entry with what it loads at once and what it may load later, and the heaviest packages. */
import type { Metafile } from "esbuild";

type Outputs = Metafile["outputs"];

/** A table of the entries and one of the packages. */
export function report({ outputs }: Metafile): string {
  const entries = Object.keys(outputs).filter((file) => outputs[file]?.entryPoint !== undefined && isEntry(file));
  return [
    "entry".padEnd(36) + "at once".padStart(10) + "later".padStart(10),
    ...entries.map((entry) => {
      const atOnce = reached(entry, outputs, false);
      const all = reached(entry, outputs, true);
      return (
        entry.padEnd(36) +
        kilobytes(sizeOf(atOnce, outputs)) +
        kilobytes(sizeOf(all, outputs) - sizeOf(atOnce, outputs))
      );
    }),
    "",
    "heaviest".padEnd(46) + "size".padStart(10),
    ...heaviest(outputs).map(([name, bytes]) => name.padEnd(46) + kilobytes(bytes)),
    "",
  ].join("\n");
}

/** Lazily imported modules are entries of chunks too; their names end with a hash. */
const isEntry = (file: string) => !/-[A-Z0-9]{8}\.js$/.test(file);

/** The files that are loaded with one, itself included; `lazily`: those that may be loaded later as well. */
export function reached(entry: string, outputs: Outputs, lazily: boolean): ReadonlySet<string> {
  const files = new Set([entry]);
  for (const file of files) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (external !== true && (lazily || kind !== "dynamic-import")) files.add(path);
    }
  }
  return files;
}

const sizeOf = (files: ReadonlySet<string>, outputs: Outputs) =>
  [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);

function heaviest(outputs: Outputs): [string, number][] {
  const sizes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(file);
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...sizes].sort(([, a], [, b]) => b - a).slice(0, 10);
}

/** `@aws-sdk/client-dynamodb`; our own modules are `cortado`. */
const packageOf = (file: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? "cortado";

const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(0)} kB`.padStart(10);
