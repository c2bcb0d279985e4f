import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Compiled } from "../bundles/compile.ts";
import { compileForPush } from "../bundles/compile-for-push.ts";
import { requireBundleSize, requireName } from "../bundles/publish.ts";
import { findEntry } from "../bundles/repository-entry.ts";
import { ConfigurationError, type Problem } from "../errors.ts";
import { host } from "../playbooks/host.ts";
import { openTarget, type TargetOptions } from "./playbooks-target.ts";
import { kilobytes, liveText } from "./playbooks-text.ts";

export interface PushOptions extends TargetOptions {
  readonly name?: string;
}

/** Compiles a package, and makes it the live version of its name. Throws with every problem; then nothing has changed. */
export async function push(dir: string, { name: wanted, ...options }: PushOptions): Promise<void> {
  const began = performance.now();
  const folder = path.resolve(dir);
  const entry = await findEntry(folder);
  const named = "package" in entry ? entry.package?.name : undefined;
  const name = wanted ?? named ?? path.basename(folder);
  requireName(name);
  const { bytes, manifest, warnings } = await compile(folder, name);
  for (const { at, message } of warnings) console.log(`${at}  note: ${message}`);
  requireBundleSize(bytes.length);
  const { version } = manifest.package;
  const actions = manifest.actions.map((action) => action.name).join(", ") || "none";
  console.log(`compiled     ${[name, version].filter(Boolean).join(" ")}, ${kilobytes(bytes.length)}, ${since(began)}`);
  console.log(`actions      ${actions}`);
  const target = await openTarget(options);
  try {
    const onProgress = progress(bytes.length, target.name);
    const of = version === undefined ? {} : { packageVersion: version };
    const live = await target.push({ name, bytes, ...of, onProgress });
    console.log(liveText(live, target));
    console.log(`took         ${since(began)}`);
  } finally {
    await target.close();
  }
}

async function compile(folder: string, name: string) {
  const workDir = await mkdtemp(path.join(tmpdir(), "cortado-push-"));
  try {
    const compiled = await compileForPush(folder, { name, workDir, host, types: true });
    const { bundle, ...rest } = requireCompiled(compiled);
    return { ...rest, bytes: await readFile(bundle.file) };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

function requireCompiled(compiled: Compiled): Extract<Compiled, { manifest: unknown }> {
  if ("manifest" in compiled) return compiled;
  const notes: readonly Problem[] = compiled.warnings;
  for (const { at, message } of notes) console.log(`${at}  note: ${message}`);
  throw new ConfigurationError(compiled.problems);
}

const since = (began: number) => `${((performance.now() - began) / 1_000).toFixed(1)} s`;

/** What takes no time needs no progress. */
const shownFromBytes = 1024 * 1024;

function progress(total: number, where: string): (sent: number) => void {
  console.log(`uploading    to ${where}`);
  if (total < shownFromBytes || !process.stderr.isTTY) return () => undefined;
  return (sent) => process.stderr.write(`\r${Math.floor((100 * sent) / total)} %${sent >= total ? "\r\u001b[K" : ""}`);
}
