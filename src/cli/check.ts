import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Problem } from "../errors.ts";
import { checkConfiguration } from "../playbooks/generation.ts";
import { vocabulary } from "../services/generation.ts";

export interface CheckOptions {
  readonly json?: boolean;
  /** False, with --no-queue: for a function that works what arrives while its sender waits. */
  readonly queue?: boolean;
}

/** Prints every problem of a configuration. The exit code is 1 where there is one. Secrets need not be there. */
export async function check(file: string, { json = false, queue = true }: CheckOptions): Promise<void> {
  const workDir = await mkdtemp(path.join(tmpdir(), "cortado-check-"));
  try {
    const { problems, notices } = await checkConfiguration({
      file,
      workDir,
      env: process.env,
      withoutQueue: !queue,
      ...(await vocabulary()),
    });
    if (json) console.log(JSON.stringify({ problems, notices }, undefined, 2));
    else console.log([...notices.map(line("note")), ...problems.map(line("problem")), verdict(problems)].join("\n"));
    process.exitCode = problems.length > 0 ? 1 : 0;
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

const line =
  (what: string) =>
  ({ at, message }: Problem) =>
    `${at}  ${what}: ${message}`;

const verdict = ({ length }: readonly Problem[]) => (length === 0 ? "OK" : `${length} problem${length > 1 ? "s" : ""}`);
