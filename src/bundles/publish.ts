/** Moves pushed repositories from version to version. What does not load never becomes live: it is checked before the pointer moves. */
import {
  BadRequestError,
  ConfigurationError,
  ConflictError,
  NotFoundError,
  PayloadTooLargeError,
  type Problem,
} from "../errors.ts";
import type { PushedRepositories, PushedRepository, PushedVersion } from "../state/state.ts";
import { apiVersionOf } from "./api-version.ts";
import { sha256Of } from "./bundle-manifest.ts";
import { notWhatWasPushed, placeOf } from "./fetch-pushed.ts";
import type { BundleStore } from "./store.ts";

export interface PublishServices {
  readonly pushed: PushedRepositories;
  readonly store: BundleStore;
  /** Why a generation with exactly these versions would not load; nothing where it would. */
  readonly check: (repositories: readonly PushedRepository[]) => Promise<readonly Problem[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Push {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** As its package.json says. */
  readonly packageVersion?: string;
  readonly by: string;
}

export interface Moved {
  readonly repository: PushedRepository;
  /** Makes live again what was, where nobody has moved the repository since. */
  undo(): Promise<void>;
}

export interface Publisher {
  /**
   * Makes a bundle the live version of its repository; where it is that already nothing happens. Throws a ConfigurationError with every
   * reason why it would not load, a ConflictError where somebody else has moved the repository meanwhile, a PayloadTooLargeError.
   */
  push(push: Push): Promise<Moved>;
  /**
   * Makes an earlier version the live one again: the one before the live one, or that whose hash begins so. Throws a NotFoundError where
   * there is none, and as `push`.
   */
  rollback(name: string, options: { readonly to?: string; readonly by: string }): Promise<Moved>;
  /** No version is live any more; the history stays. Throws as `rollback`. */
  remove(name: string): Promise<Moved>;
}

/** 20 MiB: a repository's own code has some kilobytes, its dependencies a few megabytes. */
export const maximumBundleBytes = 20 * 1024 * 1024;

/** Throws a PayloadTooLargeError. */
export function requireBundleSize(bytes: number): void {
  if (bytes <= maximumBundleBytes) return;
  throw new PayloadTooLargeError(
    `The bundle has ${megabytes(bytes)} MB, and at most ${megabytes(maximumBundleBytes)} can be pushed; look for a dependency that is larger than what is used of it, or for data that belongs elsewhere.`,
  );
}

/** Throws a BadRequestError for what cannot be the name of a repository in the configuration. */
export function requireName(name: string): void {
  if (/^\w[\w.-]{0,99}$/.test(name)) return;
  throw new BadRequestError(
    `${JSON.stringify(name)} cannot be the name of a repository: these are made of letters, digits, dots, dashes and underscores, 100 at most.`,
  );
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);

export function createPublisher({ pushed, store, check, now }: PublishServices): Publisher {
  const known = async (name: string): Promise<PushedRepository> => {
    const found = await pushed.get(name);
    if (found !== undefined) return found;
    throw new NotFoundError(`Nothing was ever pushed under the name ${name}.`);
  };

  const move = async (before: PushedRepository, live: PushedVersion | undefined): Promise<Moved> => {
    const { name, revision } = before;
    const others = (await pushed.list()).filter((one) => one.name !== name);
    const history = before.live === undefined ? before.history : [before.live, ...before.history];
    const after = { name, revision: revision + 1, live, history };
    const problems = await check(live === undefined ? others : [...others, after]);
    if (problems.length > 0) throw new ConfigurationError(problems);
    if ((await pushed.move(name, revision, live)) === "conflict") throw await lost(name);
    const undo = async () => {
      await pushed.move(name, after.revision, before.live);
    };
    return { repository: (await pushed.get(name)) ?? after, undo };
  };

  const lost = async (name: string): Promise<ConflictError> => {
    const { live } = await known(name);
    const what = live === undefined ? "deleted it" : `made ${placeOf(name, live)} live`;
    const who = live === undefined ? "Somebody" : live.by;
    return new ConflictError(`${who} ${what} meanwhile, and nothing was done here; look at it, and try again.`);
  };

  return {
    async push({ name, bytes, packageVersion, by }) {
      requireName(name);
      requireBundleSize(bytes.length);
      const sha256 = sha256Of(bytes);
      const before = (await pushed.get(name)) ?? { name, revision: 0, live: undefined, history: [] };
      await store.put(sha256, bytes);
      if (before.live?.sha256 === sha256) return unmoved(before);
      const of = packageVersion === undefined ? {} : { packageVersion };
      const version = { sha256, bytes: bytes.length, apiVersion: apiVersionOf(bytes), ...of, pushedAt: now(), by };
      return await move(before, version);
    },

    async rollback(name, { to = "", by }) {
      const before = await known(name);
      const version = earlier(before, to);
      if (version !== undefined) {
        await requireKept(name, version, store);
        return await move(before, { ...version, pushedAt: now(), by });
      }
      if (to !== "" && before.live?.sha256.startsWith(to)) return unmoved(before);
      const wanted = to === "" ? "no earlier version" : `no version ${to}`;
      throw new NotFoundError(`${name} has ${wanted} that could be gone back to; the last 20 are kept.`);
    },

    async remove(name) {
      const before = await known(name);
      return before.live === undefined ? unmoved(before) : await move(before, undefined);
    },
  };
}

/** Throws a NotFoundError where the store has it no more, a ConfigurationError where that is something else. */
async function requireKept(name: string, version: PushedVersion, store: BundleStore): Promise<void> {
  const at = placeOf(name, version);
  const bytes = await store.get(version.sha256);
  if (bytes === undefined) throw new NotFoundError(`${at} is gone: ${store.name} has its bundle no more.`);
  if (sha256Of(bytes) === version.sha256) return;
  throw new ConfigurationError([{ at, message: notWhatWasPushed(version, store) }]);
}

const unmoved = (repository: PushedRepository): Moved => ({ repository, undo: async () => undefined });

/** The latest version that is another than the live one, and whose hash begins so. Throws a BadRequestError where several do. */
function earlier({ live, history }: PushedRepository, to: string): PushedVersion | undefined {
  const others = history.filter(({ sha256 }) => sha256 !== live?.sha256 && sha256.startsWith(to));
  if (to !== "" && new Set(others.map(({ sha256 }) => sha256)).size > 1) {
    throw new BadRequestError(`${to} is the beginning of several versions; give more of it.`);
  }
  return others[0];
}
