/** What git and ssh say, as what happened and what to do. */
import { away, type SourceError, wrong } from "./sources.ts";

export interface Asked {
  readonly host: string;
  readonly branch?: string | undefined;
  readonly commit?: string | undefined;
  /** Whether it was given credentials: a key, or for HTTP a user, a password or headers. */
  readonly credentials: boolean;
  readonly protocol: "ssh" | "https" | "http";
}

type Explain = (asked: Asked, found: RegExpExecArray, stderr: string) => SourceError;

/** The first that matches is what happened. None of them repeats what a server made up, but for fingerprints. */
const explanations: readonly (readonly [RegExp, Explain])[] = [
  [
    /error in libcrypto|invalid format|Load key .*: (?:invalid|unsupported)/,
    () => away("The key cannot be read: it is cut off, or of a form that ssh does not know"),
  ],
  [/REMOTE HOST IDENTIFICATION HAS CHANGED/, changedHostKey],
  [/No (\S+) host key is known for|Host key verification failed/, unknownHost],
  [/Permission denied \(/, refusedKey],
  [
    /ssh: not found|cannot run ssh|ssh: No such file/,
    () => away("There is no ssh on this machine; here it takes bundles, tarballs and https only"),
  ],
  [/Could not resolve host/, ({ host }) => away(`There is no host ${host} that this machine can find`)],
  [/Connection refused|Couldn't connect|Failed to connect/, ({ host }) => away(`${host} does not take connections`)],
  [/Connection (?:closed|reset)/, ({ host }) => away(`${host} cut the connection`)],
  [/timed out|Operation too slow|Timeout/i, ({ host }) => away(`${host} did not answer in time`)],
  [/Authentication failed|could not read (?:Username|Password)|returned error: 40[13]/, refusedCredentials],
  [
    /returned error: 30\d|redirect/i,
    ({ host }) =>
      away(
        `${host} sends on to another URL, and credentials are for the one that is given alone; give the URL that it sends to`,
      ),
  ],
  [/returned error: (\d{3})/, ({ host }, [, code]) => away(`${host} answered with HTTP status ${code}`)],
  [
    /SSL certificate|certificate verif|server verification failed|SSL_ERROR|TLS/i,
    ({ host }) =>
      away(
        `The certificate of ${host} is not one that this machine trusts; GIT_SSL_CAINFO names a file of those that it may`,
      ),
  ],
  [
    /[Rr]epository .*not found|does not (?:appear to be a git repository|exist)|not found in upstream|Repository not found/,
    missing,
  ],
  [/couldn't find remote ref|Remote branch .* not found/, ({ branch }) => noBranch(branch)],
  [/not our ref|unadvertised object|no such remote ref|did not match/, ({ commit }) => noCommit(commit)],
];

export function explainGit(stderr: string, asked: Asked): SourceError {
  for (const [pattern, explain] of explanations) {
    const found = pattern.exec(stderr);
    if (found !== null) return explain(asked, found, stderr);
  }
  return away(`git could not read it from ${asked.host}`);
}

export const noBranch = (branch: string | undefined): SourceError =>
  branch === undefined
    ? wrong("The repository is empty: there is nothing to take")
    : wrong(`The repository has no branch and no tag ${JSON.stringify(branch)}`);

export const noCommit = (commit: string | undefined): SourceError =>
  wrong(`The repository has no commit ${commit ?? ""} that its server gives away`);

const where = "`known_hosts` of this repository or the environment variable CUSTOM_SSH_HOST_KEYS";

function changedHostKey({ host }: Asked, _: RegExpExecArray, stderr: string): SourceError {
  const [print] = /SHA256:[\w+/]{43}/.exec(stderr) ?? [];
  const shown = print === undefined ? "" : ` (${print})`;
  return away(
    `The host key of ${host} is not the one that is known${shown}: somebody may sit in between, or the server has a new one. Only if its owner publishes this one, put it into ${where}`,
  );
}

function unknownHost({ host }: Asked): SourceError {
  return away(
    `The host key of ${host} is not known. Put the line that \`ssh-keyscan\` prints for it, once compared with what its owner publishes, into ${where}`,
  );
}

function refusedKey({ host, credentials }: Asked): SourceError {
  return away(
    credentials
      ? `${host} does not take the key; add its public half to the repository as a deploy key`
      : `${host} asks for a key; give one as \`key\``,
  );
}

function refusedCredentials({ host, credentials }: Asked): SourceError {
  return away(
    credentials
      ? `${host} does not take the credentials: they are wrong, have expired, or may not read this repository`
      : `${host} asks for credentials; give them in the URL, as in https://user:token@host/…, or in \`http_headers\``,
  );
}

function missing({ host, credentials, protocol }: Asked): SourceError {
  const who = protocol === "ssh" ? "the key" : "the credentials";
  const hidden = credentials ? `${who} may not see it` : "it is private and there are no credentials";
  return away(`${host} has no such repository, or ${hidden}`);
}
