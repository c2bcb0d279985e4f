/** What ssh is given for one connection: a configuration of its own, the key, and which hosts are known. */
import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { knownHosts } from "./known-hosts.ts";
import { away, type RepositorySource } from "./sources.ts";

/** Writes it all into a folder that only this user may read, and resolves with the command for git. */
export async function sshCommand(
  folder: string,
  { key, knownHosts: own }: Pick<RepositorySource, "key" | "knownHosts">,
  custom: string | undefined,
): Promise<string> {
  const [configuration, keyFile, hosts] = ["config", "key", "known_hosts"].map((name) => path.join(folder, name));
  if (configuration === undefined || keyFile === undefined || hosts === undefined) throw new Error("three names");
  await writeFile(hosts, `${[...knownHosts, custom ?? "", own ?? ""].join("\n")}\n`, { mode: 0o600 });
  if (key !== undefined) await writeFile(keyFile, privateKey(key), { mode: 0o600 });
  await writeFile(configuration, sshConfiguration({ hosts, ...(key === undefined ? {} : { keyFile }) }), {
    mode: 0o600,
  });
  // A umask that takes from the owner would be in the way.
  await chmod(folder, 0o700);
  return `ssh -F ${shellQuoted(configuration)}`;
}

/** Options of ssh_config(5). */
export function sshConfiguration({ hosts, keyFile }: { hosts: string; keyFile?: string }): string {
  const identity =
    keyFile === undefined ? [] : [`IdentityFile ${quoted(keyFile)}`, "IdentitiesOnly yes", "IdentityAgent none"];
  return [
    "StrictHostKeyChecking yes",
    // Those that the user of this machine has taken for good count too.
    `UserKnownHostsFile ${quoted(hosts)} ~/.ssh/known_hosts`,
    "UpdateHostKeys no",
    "BatchMode yes",
    "ConnectTimeout 15",
    "ServerAliveInterval 10",
    "ServerAliveCountMax 3",
    "ForwardAgent no",
    "PermitLocalCommand no",
    "ClearAllForwardings yes",
    ...identity,
    "",
  ].join("\n");
}

/** ssh reads %-tokens in names of files. */
const quoted = (file: string) => `"${file.replaceAll("%", "%%")}"`;

/** git gives the command to a shell. */
const shellQuoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const begins = /^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * The text of a private key, which may have been written in base64, indented, with the line ends of another system, or without the last one.
 * Throws a SourceError where it is none.
 */
export function privateKey(written: string): string {
  const text = begins.test(written) ? written : Buffer.from(written, "base64").toString("utf8");
  if (!begins.test(text)) {
    throw away(
      "The key is no private key of ssh: it begins with `-----BEGIN … PRIVATE KEY-----`, or is that in base64.",
    );
  }
  if (isLocked(text)) {
    throw away("The key is protected by a passphrase; give one that is not, a deploy key of this repository alone");
  }
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line, index, all) => line !== "" || index < all.length - 1);
  return `${lines.join("\n").trim()}\n`;
}

/** ssh, which may ask nobody, would only say that the server does not take it. */
function isLocked(text: string): boolean {
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text)) return true;
  const [, body = ""] = /BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)/.exec(text) ?? [];
  // https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key: a word, and the name of a cipher behind its length.
  const bytes = Buffer.from(body, "base64");
  const magic = "openssh-key-v1\0";
  if (bytes.toString("latin1", 0, magic.length) !== magic || bytes.length < magic.length + 8) return false;
  return (
    bytes.readUInt32BE(magic.length) !== 4 || bytes.toString("latin1", magic.length + 4, magic.length + 8) !== "none"
  );
}
