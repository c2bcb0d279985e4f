/** The port: where a playbook repository comes from. Its siblings are the kinds of places. */

/** What the configuration says of a repository. Plain data: it goes from thread to thread. May hold secrets. */
export interface RepositorySource {
  /** Its name in the configuration; also that of a folder. */
  readonly name: string;
  /** A folder, a bundle, a git repository or a tarball: `addressOf` says which. */
  readonly url: string;
  /** A private key for ssh, as it is or in base64. */
  readonly key?: string;
  /** A branch or a tag; default: what the server calls HEAD. */
  readonly branch?: string;
  /** 40 hex digits. What it holds never changes, so it is fetched once and not polled. */
  readonly commit?: string;
  /** Sent to the server of the URL, and to no other. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Lines as in `~/.ssh/known_hosts`, beside those that are known without. */
  readonly knownHosts?: string;
  /** Between two looks at whether it has moved; 0 for none; default 60. */
  readonly pollSeconds?: number;
}

export interface SourceOptions {
  /** What is fetched is kept in `<workDir>/<name>/`. */
  readonly workDir: string;
  /** Of it, git gets where its programs, proxies and certificates are, and CUSTOM_SSH_HOST_KEYS is read; nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Installs what a fetched folder depends on. Resolves with what is wrong. */
  readonly install?: (folder: string) => Promise<readonly string[]>;
  /** For how long an answer of the source counts, so that it is not asked again each time something else is loaded; default 0. */
  readonly recentMilliseconds?: number;
  /** Other limits than the usual ones. */
  readonly limits?: Partial<Limits>;
}

/** What a repository of actions never comes near: beyond, the wrong thing was named, or somebody means harm. */
export interface Limits {
  /** Bytes that are transferred. */
  readonly transferred: number;
  /** Bytes of all files together. */
  readonly unpacked: number;
  /** How many files and folders. */
  readonly entries: number;
  /** For one question, and for one fetch, in milliseconds. */
  readonly askMilliseconds: number;
  readonly fetchMilliseconds: number;
}

export const usualLimits: Limits = {
  transferred: 100 * 1024 * 1024,
  unpacked: 250 * 1024 * 1024,
  entries: 20_000,
  askMilliseconds: 30_000,
  fetchMilliseconds: 120_000,
};

/** One version of a source: what it is called there, and what tells a later one apart. */
export interface Revision {
  /** A commit, or the SHA-256 of a tarball: names the folder that it is kept in. */
  readonly id: string;
  /** What a server of tarballs said of it. */
  readonly etag?: string;
  readonly lastModified?: string;
}

/** Something that can be asked for its latest version, and fetched. */
export interface Place {
  /** As people call it, without its secrets: `git@host:owner/repository.git`. */
  readonly title: string;
  /** Of what it is a version, without secrets: what was fetched under another identity is not an earlier version of this. */
  readonly identity: string;
  /** What its latest version always is, where that is certain without asking. */
  readonly pinned?: string;
  /** Undefined where it is what is known already. Throws a SourceError. */
  latest(known: Revision | undefined): Promise<Revision | undefined>;
  /** Puts the files of the latest version into an empty folder. Throws a SourceError. */
  fetch(into: string): Promise<Taken>;
}

export interface Taken {
  readonly revision: Revision;
  /** The folder that was given, or one in it. */
  readonly root: string;
}

/** Why a source does not give what is wanted of it, for people; never with a secret. */
export class SourceError extends Error {
  override readonly name = "SourceError" as const;
  /** True where it may be otherwise later, or with other credentials, so that what was fetched before goes on. */
  readonly away: boolean;

  constructor(message: string, { away, ...options }: ErrorOptions & { readonly away: boolean }) {
    super(message, options);
    this.away = away;
  }
}

export const away = (message: string, cause?: unknown): SourceError =>
  new SourceError(message, { away: true, ...(cause === undefined ? {} : { cause }) });

/** What waiting does not change: the configuration, or what is in the repository. */
export const wrong = (message: string): SourceError => new SourceError(message, { away: false });
