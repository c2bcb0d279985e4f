/** The table and the store themselves: what serves looks there, and takes over what it finds. */
import { hostname, userInfo } from "node:os";
import { readManifest } from "../bundles/bundle-manifest.ts";
import { createPublisher, type Moved } from "../bundles/publish.ts";
import { NotFoundError, type Problem } from "../errors.ts";
import { checkConfiguration } from "../playbooks/generation.ts";
import { fetchDirOf, vocabulary, withText } from "../services/generation.ts";
import { bundlesDirOf, openBundleStore, openPushed } from "../services/pushed.ts";
import { openTable, prepareTable } from "../services/table.ts";
import { type Flags, type Settings, settingsFrom } from "../settings.ts";
import type { PushedRepositories, PushedRepository } from "../state/state.ts";
import type { Live, Target } from "./playbooks-target.ts";

export async function openDirect(flags: Flags): Promise<Target> {
  const { settings, close } = await prepareTable(settingsFrom(process.env, flags));
  const { pushed } = await openTable(settings);
  const store = await openBundleStore(settings);
  const check = (repositories: readonly PushedRepository[]) => whyNot({ ...settings, pushed: repositories }, pushed);
  const publisher = createPublisher({ pushed, store, check, now: Date.now });
  const by = `${userInfo().username}@${hostname()}`;
  return {
    name: store.name,
    async push({ onProgress, ...version }) {
      const moved = await publisher.push({ ...version, by });
      onProgress(version.bytes.length);
      return live(moved);
    },
    rollback: async (name, to) => live(await publisher.rollback(name, { by, ...(to === undefined ? {} : { to }) })),
    remove: async (name) => live(await publisher.remove(name)),
    list: () => pushed.list(),
    async get(name) {
      const found = await pushed.get(name);
      if (found === undefined) throw new NotFoundError(`Nothing was ever pushed under the name ${name}.`);
      return found;
    },
    async actions(name) {
      const live = (await pushed.list()).filter((repository) => repository.name === name);
      const { bundles } = await openPushed({ ...settings, pushed: live }, pushed);
      const manifests = await Promise.all(bundles.map(({ manifest }) => readManifest(manifest)));
      return manifests.flatMap(({ actions }) =>
        actions.map(({ name: action, description }) => ({ name: action, description })),
      );
    },
    async bundle(name, sha256) {
      const bytes = await store.get(sha256);
      if (bytes === undefined) throw new NotFoundError(`${store.name} has no bundle ${sha256} of ${name} any more.`);
      return bytes;
    },
    close,
  };
}

const live = ({ repository }: Moved): Live => ({ repository });

/** Checked here: secrets that the configuration refers to need not be on this machine. */
async function whyNot(settings: Settings, pushed: PushedRepositories): Promise<readonly Problem[]> {
  const { text, configuration, env } = await withText(settings);
  const { problems } = await checkConfiguration({
    file: configuration,
    text,
    env,
    workDir: bundlesDirOf(settings),
    fetchDir: fetchDirOf(settings),
    pushed: () => openPushed(settings, pushed),
    ...(await vocabulary()),
  });
  return problems;
}
