/** From what the configuration says of a repository to its bundle: fetched where it is elsewhere, compiled where it is sources. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describeError, type Problem } from "../errors.ts";
import { apiProblem, sha256Of } from "./bundle-manifest.ts";
import { type Compiled, compileRepository, type RepositoryOptions } from "./compile.ts";
import { installDependencies } from "./install.ts";
import { fetchRepository, pollMilliseconds } from "./sources/fetch.ts";
import type { RepositorySource, SourceOptions } from "./sources/sources.ts";
import { withManifest } from "./with-manifest.ts";
import { writeWhole } from "./write-whole.ts";

export interface ObtainOptions extends Pick<RepositoryOptions, "workDir" | "host"> {
  /** What is fetched is kept in `<fetchDir>/<name>/`. */
  readonly fetchDir: string;
  readonly env: SourceOptions["env"];
  /** Where the configuration names it: problems and warnings of the repository as a whole are there. */
  readonly at: string;
}

/** Never throws for what is in the repository, or for where it is. */
export async function obtainBundle(source: RepositorySource, options: ObtainOptions): Promise<Compiled> {
  const { name } = source;
  const { at, env, workDir, host } = options;
  const whole = (message: string): Problem => ({ at, message });
  const fetched = await fetchRepository(source, {
    env,
    workDir: options.fetchDir,
    // It is polled, and so known: what else is loaded does not wait for it.
    recentMilliseconds: 2 * (pollMilliseconds(source) ?? 0),
    install: async (folder) => (await installDependencies(folder, { env })).map(({ message }) => message),
  });
  if (!("path" in fetched)) return { problems: fetched.problems.map(whole), warnings: [] };
  const made =
    fetched.kind === "folder"
      ? await compileRepository({
          name,
          url: pathToFileURL(fetched.path).href,
          workDir,
          host,
          ...rootOf(name, fetched),
        })
      : await takeBundle(name, fetched.path, options);
  const placed = (problem: Problem) => (problem.at === fetched.path ? { ...problem, at } : problem);
  const warnings = [...fetched.notices.map(whole), ...made.warnings.map(placed)];
  return "bundle" in made ? { ...made, warnings } : { problems: made.problems.map(placed), warnings };
}

/** The folder of what was fetched is called by its version, and the same sources are to make the same bundle. */
const rootOf = (name: string, { revision }: { readonly revision?: string }) =>
  revision === undefined ? {} : { sourceRoot: pathToFileURL(`/${name}`).href };

/** A copy of a bundle that somebody has compiled: what it was taken from may be written again at any time. */
async function takeBundle(name: string, path: string, { workDir, at }: ObtainOptions): Promise<Compiled> {
  const refused = (message: string) => ({ problems: [{ at, message }], warnings: [] });
  try {
    const problem = await apiProblemBeside(path);
    if (problem !== undefined) return refused(problem);
    const bytes = await readFile(path);
    const sha256 = sha256Of(bytes);
    const [named] = /^[0-9a-f]{64}(?=\.mjs$)/.exec(basename(path)) ?? [sha256];
    if (named !== sha256) return refused(`${path} is not what was compiled: its hash is not its name.`);
    const file = join(workDir, name, `${sha256}.mjs`);
    await writeWhole(file, bytes);
    const folder = dirname(path);
    const described = await withManifest({ file, sha256, folder }, { package: { name } });
    if (!("manifest" in described)) return described;
    const made = { repository: name, url: pathToFileURL(folder).href, file, sha256, source: "configured" as const };
    const bundle = { ...made, manifest: described.file };
    return { bundle, manifest: described.manifest, problems: [], warnings: described.warnings };
  } catch (error) {
    return refused(`The bundle ${path} cannot be read: ${describeError(error)}.`);
  }
}

/** Of the manifest that was written with the bundle, where it is there: it says so better than the bundle as it fails. */
async function apiProblemBeside(path: string): Promise<string | undefined> {
  const text = await readFile(path.replace(/\.mjs$/, ".json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return apiProblem(JSON.parse(text));
  } catch {
    return undefined;
  }
}
