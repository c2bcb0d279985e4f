/** Which repositories of a generation were pushed: those that its configuration means by the model's storage path, and those it does not name. */
import type { Bundle } from "../bundles/compile.ts";
import type { Fetched } from "../bundles/fetch-pushed.ts";
import type { Problem } from "../errors.ts";
import { quoted } from "../tools/did-you-mean.ts";
import type { RepositoryEntry } from "./configuration.ts";

/** Where Robusta keeps what was pushed. */
const storage = "file:///etc/robusta/playbooks/storage/";

export interface PushedOptions {
  /** Every pushed repository that is live; none where absent. Not asked where there are `bundles`. */
  readonly pushed?: () => Promise<Fetched>;
  /** Compiled already, by another thread or at build time, with those that were pushed; then esbuild is not touched. */
  readonly bundles?: readonly Bundle[];
}

export interface Repositories {
  readonly configured: readonly RepositoryEntry[];
  readonly pushed: readonly { readonly entry: RepositoryEntry; readonly bundle: Bundle }[];
  readonly problems: readonly Problem[];
  readonly notices: readonly Problem[];
}

/** An entry of the configuration has the last word about its name. */
export async function repositoriesOf(
  entries: readonly RepositoryEntry[],
  { pushed, bundles }: PushedOptions,
): Promise<Repositories> {
  const fetched = bundles === undefined ? ((await pushed?.()) ?? nothing) : loadedAlready(bundles);
  const meant = new Map(entries.filter(isStored).map((entry) => [storedName(entry), entry]));
  const configured = entries.filter((entry) => !isStored(entry));
  const taken = new Set(configured.map(({ name }) => name));
  const live = fetched.bundles.filter(({ repository }) => meant.has(repository) || !taken.has(repository));
  const missing = [...meant].filter(([name]) => !fetched.names.includes(name));
  return {
    configured,
    pushed: live.map((bundle) => ({
      bundle,
      entry: meant.get(bundle.repository) ?? { name: bundle.repository, url: bundle.url, at: bundle.repository },
    })),
    problems: [
      ...fetched.problems,
      ...missing.map(([name, { at }]) => ({
        at,
        message: `Nothing is pushed under the name ${quoted(name)}; push it with \`cortado playbooks push\`.`,
      })),
    ],
    notices: fetched.notices,
  };
}

const isStored = ({ url }: RepositoryEntry) => url.startsWith(storage);
const storedName = ({ url }: RepositoryEntry) => decodeURIComponent(url.slice(storage.length).replace(/\/+$/, ""));

const nothing: Fetched = { names: [], bundles: [], problems: [], notices: [] };

function loadedAlready(bundles: readonly Bundle[]): Fetched {
  const pushed = bundles.filter(({ source }) => source === "pushed");
  return { ...nothing, names: pushed.map(({ repository }) => repository), bundles: pushed };
}
