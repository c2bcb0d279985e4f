/** A git repository, over ssh or HTTP, with the git and ssh of this machine. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type GitAddress, titleOf } from "./address.ts";
import { type Asked, explainGit, noBranch, noCommit } from "./git-errors.ts";
import { GitFailure, type GitOptions, git } from "./git-process.ts";
import { headersFor } from "./headers.ts";
import type { Limits, Place, RepositorySource, SourceOptions } from "./sources.ts";
import { sshCommand } from "./ssh.ts";
import { unpack } from "./unpack.ts";

interface GitPlaceOptions extends Pick<SourceOptions, "env"> {
  readonly limits: Limits;
  /** Makes a folder for what is needed for one call, which is gone after it. */
  readonly aside: <T>(use: (folder: string) => Promise<T>) => Promise<T>;
}

export function gitPlace(address: GitAddress, source: RepositorySource, options: GitPlaceOptions): Place {
  const { branch } = source;
  const commit = source.commit ?? (/^[0-9a-f]{40}$/.test(branch ?? "") ? branch : undefined);
  const { limits } = options;
  const asked: Asked = {
    host: address.host,
    branch,
    commit,
    credentials:
      address.protocol === "ssh" ? source.key !== undefined : Object.keys(headersOf(address, source)).length > 0,
    protocol: address.protocol,
  };

  /** Calls git as often as it is needed, with what it needs to reach the server. */
  const withGit = <T>(use: (run: Run, folder: string) => Promise<T>): Promise<T> =>
    options.aside(async (folder) => {
      const env = await environment(folder, address, source, options.env);
      try {
        return await use((parameters, more) => git(parameters, { env, ...more }), folder);
      } catch (error) {
        throw error instanceof GitFailure ? explainGit(error.stderr, asked) : error;
      }
    });

  const ask = async (run: Run): Promise<{ id: string; ref: string }> => {
    const names =
      branch === undefined ? ["HEAD"] : [`refs/heads/${branch}`, `refs/tags/${branch}`, `refs/tags/${branch}^{}`];
    const listed = await run(["ls-remote", "--", address.url, ...names], {
      timeoutMilliseconds: limits.askMilliseconds,
    });
    const refs = new Map(
      listed
        .split("\n")
        .map((line) => line.split("\t"))
        .map(([id = "", ref = ""]) => [ref, id]),
    );
    const ref = names.find((name) => refs.has(name));
    if (ref === undefined) throw noBranch(branch);
    // An annotated tag is an object of its own; what it stands for is listed beside it.
    return { id: refs.get(`${ref}^{}`) ?? refs.get(ref) ?? "", ref };
  };

  return {
    title: titleOf(address),
    identity: JSON.stringify([address.url, commit ?? branch ?? "HEAD"]),
    ...(commit === undefined ? {} : { pinned: commit }),
    async latest(known) {
      if (commit !== undefined) return known?.id === commit ? undefined : { id: commit };
      const { id } = await withGit(ask);
      return id === known?.id ? undefined : { id };
    },
    fetch: (into) =>
      withGit(async (run, folder) => {
        const repository = path.join(folder, "git");
        await mkdir(repository);
        const within = (parameters: readonly string[], more: Partial<GitOptions> = {}) =>
          run(["--git-dir", repository, ...parameters], {
            timeoutMilliseconds: limits.fetchMilliseconds,
            growing: { folder: repository, maximum: limits.transferred },
            ...more,
          });
        await within(["init", "--quiet", "--bare"]);
        if (commit === undefined) await shallow(within, address.url, (await ask(run)).ref);
        else await fetchCommit(within, address.url, commit);
        const id = (await within(["rev-parse", "--verify", `${commit ?? "FETCH_HEAD"}^{commit}`])).trim();
        await within(["archive", "--format=tar", id], { read: (tar) => unpack([tar], into, limits) });
        return { revision: { id }, root: into };
      }),
  };
}

type Run = (parameters: readonly string[], options: Omit<GitOptions, "env">) => Promise<string>;
type Within = (parameters: readonly string[], options?: Partial<GitOptions>) => Promise<string>;

const fetching = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-commit-graph"];

/** A server that has only files knows nothing of depth. */
async function shallow(within: Within, url: string, ref: string): Promise<void> {
  try {
    await within([...fetching, "--depth=1", "--", url, ref]);
  } catch (error) {
    if (!said(error, /dumb http/)) throw error;
    await within([...fetching, "--", url, ref]);
  }
}

/** Not every server gives away a commit that no branch is at: then everything is fetched. */
async function fetchCommit(within: Within, url: string, commit: string): Promise<void> {
  try {
    await within([...fetching, "--depth=1", "--", url, commit]);
  } catch (error) {
    if (!said(error, /dumb http|not our ref|unadvertised object|couldn't find remote ref/)) throw error;
    await within([...fetching, "--", url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]);
    await within(["cat-file", "-e", `${commit}^{commit}`]).catch(() => {
      throw noCommit(commit);
    });
  }
}

const said = (error: unknown, pattern: RegExp) => error instanceof GitFailure && pattern.test(error.stderr);

/** What programs need to be found, to reach the network, and to trust certificates. */
const passedOn = [
  "PATH",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "all_proxy",
  "NO_PROXY",
  "no_proxy",
  "GIT_SSL_CAINFO",
  "GIT_SSL_CAPATH",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

async function environment(
  folder: string,
  address: GitAddress,
  source: RepositorySource,
  env: SourceOptions["env"],
): Promise<Readonly<Record<string, string>>> {
  const headers = Object.entries(headersOf(address, source));
  const settings: [string, string][] = [
    ["protocol.ext.allow", "never"],
    ["credential.helper", ""],
    ["gc.auto", "0"],
    ["http.lowSpeedLimit", "1000"],
    ["http.lowSpeedTime", "30"],
    // Where it is sent on to would get the headers too.
    ["http.followRedirects", headers.length > 0 ? "false" : "initial"],
    ...headers.map(([name, value]): [string, string] => ["http.extraHeader", `${name}: ${value}`]),
  ];
  const names = address.protocol === "ssh" && source.key === undefined ? [...passedOn, "SSH_AUTH_SOCK"] : passedOn;
  const given = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return {
    ...Object.fromEntries(given),
    LC_ALL: "C",
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS: "",
    GIT_ALLOW_PROTOCOL: address.protocol,
    ...(address.protocol === "ssh"
      ? { GIT_SSH_COMMAND: await sshCommand(folder, source, env.CUSTOM_SSH_HOST_KEYS), GIT_SSH_VARIANT: "ssh" }
      : {}),
    // Not as arguments, which every user of the machine can see.
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

const headersOf = (address: GitAddress, source: RepositorySource) =>
  address.protocol === "ssh" ? {} : headersFor(address.credentials, source.headers);
