/** Fetches playbook repositories, keeps what was fetched, and says when there is something later. */
import path from "node:path";
import { type Address, addressOf } from "./address.ts";
import { gitPlace } from "./git.ts";
import { aside, type Kept, openShelf, type Shelf } from "./shelf.ts";
import { away, type Place, type RepositorySource, SourceError, type SourceOptions, usualLimits } from "./sources.ts";
import { tarballPlace } from "./tarball.ts";

/** Where the sources are now, and what people should know; or what is wrong. */
export type Fetched =
  | {
      readonly kind: "folder" | "bundle";
      readonly path: string;
      /** The commit, or the SHA-256 of the tarball; undefined for what is on this machine. */
      readonly revision?: string;
      /** Why it may not be the latest, where that cannot be had. */
      readonly notices: readonly string[];
      readonly problems: readonly [];
    }
  | { readonly problems: readonly string[] };

/**
 * Fetches a repository where it is not on this machine already. Where its source is away, what was fetched before goes on, with a notice. Never
 * throws for what is outside of this machine.
 */
export async function fetchRepository(source: RepositorySource, options: SourceOptions): Promise<Fetched> {
  const address = addressOf(source.url);
  if ("problem" in address) return { problems: [address.problem] };
  if (address.kind === "folder" || address.kind === "bundle") {
    return { kind: address.kind, path: address.path, notices: [], problems: [] };
  }
  try {
    return await fetchRemote(address, source, options);
  } catch (error) {
    if (error instanceof SourceError) return { problems: [`${error.message}.`] };
    throw error;
  }
}

/** Throws a SourceError where there is nothing to go on with. */
async function fetchRemote(address: RemoteAddress, source: RepositorySource, options: SourceOptions): Promise<Fetched> {
  const { place, shelf } = openPlace(address, source, options);
  const earlier = await shelf.current();
  if (earlier === undefined) return of(await fetchLatest(place, shelf, options));
  if (earlier.revision.id === place.pinned) return of(earlier);
  const asked = await shelf.asked();
  const recent = asked !== undefined && Date.now() - asked.at < (options.recentMilliseconds ?? 0);
  if (recent) return of(earlier, asked.away);
  try {
    if ((await place.latest(earlier.revision)) !== undefined) return of(await fetchLatest(place, shelf, options));
    await shelf.note({ at: Date.now() });
    return of(earlier);
  } catch (error) {
    if (!(error instanceof SourceError) || !error.away) throw error;
    await shelf.note({ at: Date.now(), away: error.message });
    return of(earlier, error.message);
  }
}

async function fetchLatest(place: Place, shelf: Shelf, { install }: SourceOptions): Promise<Kept> {
  const kept = await shelf.put(async (folder) => {
    const taken = await place.fetch(folder);
    const problems = (await install?.(taken.root)) ?? [];
    if (problems.length > 0) throw away(problems.join(" ").replace(/\.$/, ""));
    return taken;
  });
  await shelf.note({ at: Date.now() });
  return kept;
}

/** Which version is later than what was fetched last, if any is. Throws a SourceError where that cannot be known now. */
export async function movedTo(source: RepositorySource, options: SourceOptions): Promise<string | undefined> {
  const address = addressOf(source.url);
  if ("problem" in address || address.kind === "folder" || address.kind === "bundle") return undefined;
  const { place, shelf } = openPlace(address, source, options);
  const known = (await shelf.current())?.revision;
  if (known !== undefined && known.id === place.pinned) return undefined;
  try {
    const later = await place.latest(known);
    await shelf.note(later === undefined ? { at: Date.now() } : undefined);
    return later?.id;
  } catch (error) {
    // What else is loaded meanwhile need not find out again.
    if (error instanceof SourceError) await shelf.note({ at: Date.now(), away: error.message });
    throw error;
  }
}

/** How often it is looked at whether a source has moved; undefined where it is not. */
export function pollMilliseconds({ url, commit, pollSeconds = 60 }: RepositorySource): number | undefined {
  const address = addressOf(url);
  const remote = !("problem" in address) && (address.kind === "git" || address.kind === "tarball");
  return remote && commit === undefined && pollSeconds > 0 ? pollSeconds * 1_000 : undefined;
}

function of({ folder, revision }: Kept, reason?: string): Fetched {
  const short = /^[0-9a-f]{64}$/.test(revision.id) ? revision.id.slice(0, 12) : revision.id;
  const notices = reason === undefined ? [] : [`${reason}; what was fetched before goes on (${short}).`];
  return { kind: "folder", path: folder, revision: revision.id, notices, problems: [] };
}

type RemoteAddress = Extract<Address, { readonly kind: "git" | "tarball" }>;

function openPlace(
  address: RemoteAddress,
  source: RepositorySource,
  { workDir, env, limits: own }: SourceOptions,
): { place: Place; shelf: Shelf } {
  const home = path.join(workDir, source.name);
  const limits = { ...usualLimits, ...own };
  const place =
    address.kind === "git"
      ? gitPlace(address, source, { env, limits, aside: (use) => aside(home, use) })
      : tarballPlace(address, source, limits);
  return { place, shelf: openShelf(home, place.identity) };
}
