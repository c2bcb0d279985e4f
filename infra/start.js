/** Runs a TypeScript module of this checkout, or says in one sentence why this Node cannot. Plain JavaScript, so that any Node gets that far. */
import path from "node:path";
import { pathToFileURL } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 19)) {
  process.argv.splice(1, 1);
  await import(pathToFileURL(path.resolve(process.argv[1] ?? "")).href);
} else {
  console.error(
    `Cortado needs Node 22.19 or newer, and this is ${process.versions.node}: run \`npm ci\` with install scripts and development dependencies, which brings Node 24, or use a newer Node.`,
  );
  process.exitCode = 1;
}
