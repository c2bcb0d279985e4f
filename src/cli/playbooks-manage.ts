/** What is done with repositories that were pushed. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type BundleManifest, sha256Of } from "../bundles/bundle-manifest.ts";
import { pushedFolder } from "../bundles/fetch-pushed.ts";
import { withManifest } from "../bundles/with-manifest.ts";
import { ConfigurationError, NotFoundError } from "../errors.ts";
import type { PushedVersion } from "../state/state.ts";
import { openTarget, type Target, type TargetOptions } from "./playbooks-target.ts";
import { actionText, historyText, listText, liveText } from "./playbooks-text.ts";

async function at<T>(options: TargetOptions, use: (target: Target) => Promise<T>): Promise<T> {
  const target = await openTarget(options);
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}

interface Printed extends TargetOptions {
  readonly json?: boolean;
}

export const list = ({ json = false, ...options }: Printed) =>
  at(options, async (target) => {
    const repositories = await target.list();
    console.log(json ? JSON.stringify(repositories, undefined, 2) : listText(repositories));
  });

export const show = (name: string, { json = false, ...options }: Printed) =>
  at(options, async (target) => {
    const repository = await target.get(name);
    const actions = await target.actions(name);
    if (json) return console.log(JSON.stringify({ ...repository, actions }, undefined, 2));
    console.log([historyText(repository), ...actions.map(actionText)].join("\n"));
  });

export const rollback = (name: string, { to, ...options }: TargetOptions & { readonly to?: string }) =>
  at(options, async (target) => console.log(liveText(await target.rollback(name, to), target)));

export const remove = (name: string, options: TargetOptions) =>
  at(options, async (target) => console.log(liveText(await target.remove(name), target)));

/** Writes a version's bundle, its manifest and its source map. Its sources are with its author: only what runs is pushed. */
export const pull = (
  name: string,
  dir: string,
  { version, ...options }: TargetOptions & { readonly version?: string },
) =>
  at(options, async (target) => {
    const wanted = await versionOf(target, name, version);
    const bytes = await target.bundle(name, wanted.sha256);
    if (sha256Of(bytes) !== wanted.sha256) {
      const message = `The bundle ${wanted.sha256} in ${target.name} is not what was pushed: its hash differs.`;
      throw new ConfigurationError([{ at: name, message }]);
    }
    const folder = path.resolve(dir);
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${wanted.sha256}.mjs`);
    await writeFile(file, bytes);
    const map = sourceMapIn(bytes);
    if (map !== undefined) await writeFile(`${file}.map`, map);
    const manifest = await describe(file, name, wanted);
    console.log([file, ...(map === undefined ? [] : [`${file}.map`])].join("\n"));
    for (const action of manifest?.actions ?? []) console.log(actionText(action));
  });

async function versionOf(target: Target, name: string, sha256 = ""): Promise<PushedVersion> {
  const { live, history } = await target.get(name);
  const [found] = [live, ...history].filter((version) => version?.sha256.startsWith(sha256));
  if (found !== undefined && (sha256 !== "" || live !== undefined)) return found;
  throw new NotFoundError(sha256 === "" ? `${name} was deleted.` : `${name} has no version ${sha256}.`);
}

async function describe(file: string, name: string, version: PushedVersion): Promise<BundleManifest | undefined> {
  const { sha256, packageVersion } = version;
  const of = { name, ...(packageVersion === undefined ? {} : { version: packageVersion }) };
  const found = await withManifest({ file, sha256, folder: pushedFolder(name) }, { package: of });
  if ("manifest" in found) return found.manifest;
  for (const { at: where, message } of found.problems) console.log(`${where}  note: ${message}`);
  return undefined;
}

function sourceMapIn(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  const [, map] = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(text) ?? [];
  return map === undefined ? undefined : Buffer.from(map, "base64");
}
