/** The built-in actions are a playbook repository like any other, so that they can be replaced whole. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import * as builtin from "../../src/actions/all.ts";
import type { BundleManifest } from "../../src/bundles/bundle-manifest.ts";
import { compileRepository } from "../../src/bundles/compile.ts";
import { loadBundle } from "../../src/bundles/load-bundle.ts";
import * as cortado from "../../src/index.ts";
import { type AnyAction, isAction } from "../../src/playbooks/action.ts";
import { podEvent, runAction } from "../../src/testing.ts";

const folder = fileURLToPath(new URL("../../src/actions", import.meta.url));
const host = { cortado, zod: z };

let workDir: string;
let manifest: BundleManifest;
let actions: readonly AnyAction[];

beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), "cortado-default-actions-"));
  const result = await compileRepository({ name: "cortado_playbooks", url: pathToFileURL(folder).href, workDir, host });
  if (!("bundle" in result)) throw new Error(JSON.stringify(result.problems));
  ({ manifest } = result);
  const { exports } = await loadBundle(result.bundle, host);
  actions = exports.map(({ value }) => value).filter(isAction);
});
afterAll(() => rm(workDir, { recursive: true, force: true }));

it("they compile as a repository, all of them, each with where it is defined", () => {
  const names = Object.values(builtin).map(({ name }) => name);
  expect(actions.map(({ name }) => name).sort()).toEqual(names.sort());
  expect(manifest.actions.filter(({ at }) => !/^[a-z-]+\.ts:\d+:\d+$/.test(at))).toEqual([]);
});

it("one of them runs out of the bundle as it does out of the source", async () => {
  const bundled = actions.find(({ name }) => name === "logs_enricher");
  if (bundled === undefined) throw new Error("no logs_enricher");
  const run = async (action: typeof builtin.logsEnricher) => {
    const { blocks } = await runAction(action, podEvent({ logs: "FATAL: no database\n" }), {});
    return blocks;
  };
  expect(bundled).not.toBe(builtin.logsEnricher);
  const blocks = await run({ ...builtin.logsEnricher, run: bundled.run as typeof builtin.logsEnricher.run });
  expect(blocks.length).toBeGreaterThan(0);
  expect(blocks).toEqual(await run(builtin.logsEnricher));
});
