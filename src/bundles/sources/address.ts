/** What a URL of a playbook repository names. */
import { fileURLToPath } from "node:url";
import type { RepositorySource } from "./sources.ts";

export type Address =
  /** A folder of sources on this machine. */
  | { readonly kind: "folder"; readonly path: string }
  /** A compiled bundle on this machine. */
  | { readonly kind: "bundle"; readonly path: string }
  | GitAddress
  | TarballAddress;

export interface GitAddress {
  readonly kind: "git";
  readonly protocol: "ssh" | "https" | "http";
  /** As git is given it: without user and password, but for ssh's user. */
  readonly url: string;
  readonly host: string;
  /** Of the URL, for HTTP. */
  readonly credentials?: Credentials;
}

export interface TarballAddress {
  readonly kind: "tarball";
  readonly url: string;
  readonly host: string;
  readonly credentials?: Credentials;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const forms =
  "Give file:///path of a folder, git@host:owner/repository.git, https://host/owner/repository.git, or https://host/repository.tgz";

/** Or a sentence that says why it names nothing that can be fetched. The sentence has nothing of the URL, which may hold a password. */
export function addressOf(url: string): Address | { readonly problem: string } {
  if (url.startsWith("-") || /[\s\p{Cc}]/u.test(url) || url.includes("::")) {
    return { problem: `This is not the URL of a repository. ${forms}.` };
  }
  if (url.startsWith("file:")) return local(url);
  if (url.startsWith("git:")) {
    return {
      problem:
        "The protocol git:// is neither encrypted nor verified; give the https:// or the ssh URL of the repository.",
    };
  }
  return scp(url) ?? remote(url) ?? { problem: `This is not the URL of a repository. ${forms}.` };
}

function local(url: string): Address | { readonly problem: string } {
  if (!url.startsWith("file:///")) {
    return { problem: "The URL of a folder has three slashes, as in file:///playbooks." };
  }
  try {
    const path = fileURLToPath(url);
    if (path.includes("\0")) return { problem: "This URL names no path: there is a zero byte in it." };
    return { kind: path.endsWith(".mjs") ? "bundle" : "folder", path };
  } catch {
    return { problem: "This URL names no path; a percent sign in it is written %25." };
  }
}

/** `git@host:owner/repository.git` */
function scp(url: string): GitAddress | undefined {
  const [, host] = /^[\w.][\w.-]*@([a-z0-9][\w.-]*):(?!\/\/)[^-].*$/i.exec(url) ?? [];
  return host === undefined ? undefined : { kind: "git", protocol: "ssh", url, host };
}

function remote(url: string): GitAddress | TarballAddress | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const { hostname, username, pathname } = parsed;
  // ssh would take it for one of its options.
  if (hostname === "" || hostname.startsWith("-") || decoded(username).startsWith("-")) return undefined;
  if (pathname.length < 2) return undefined;
  if (parsed.protocol === "ssh:") return overSsh(url, parsed);
  return parsed.protocol === "https:" || parsed.protocol === "http:" ? overHttp(parsed) : undefined;
}

/** A password in the URL is nothing that ssh takes. */
const overSsh = (url: string, { hostname, port, password }: URL): GitAddress | undefined =>
  password === ""
    ? { kind: "git", protocol: "ssh", url, host: port === "" ? hostname : `[${hostname}]:${port}` }
    : undefined;

function overHttp(parsed: URL): GitAddress | TarballAddress {
  const { protocol, username, password, host, pathname } = parsed;
  const credentials =
    username === "" && password === "" ? {} : { credentials: { user: decoded(username), password: decoded(password) } };
  parsed.username = "";
  parsed.password = "";
  parsed.hash = "";
  const rest = { url: parsed.href, host, ...credentials };
  if (/\.(?:tgz|tar\.gz)$/.test(pathname)) return { kind: "tarball", ...rest };
  return { kind: "git", protocol: protocol === "https:" ? "https" : "http", ...rest };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What of a URL may be shown: neither password nor query. */
export function titleOf(address: GitAddress | TarballAddress): string {
  return address.url.replace(/\?.*$/s, "");
}

const soundsSecret = /auth|token|secret|key|passw|cookie|session/i;

/** What must never be told of a source. */
export function secretsOf({ url, key, headers = {} }: RepositorySource): readonly string[] {
  const named = [...Object.entries(headers), ...(URL.canParse(url) ? new URL(url).searchParams : [])];
  const values = named.flatMap(([name, value]) => (soundsSecret.test(name) ? [value] : []));
  return [...secretsIn(addressOf(url)), ...values, ...(key === undefined ? [] : [key])];
}

/** A token may stand in the place of the user. */
function secretsIn(address: ReturnType<typeof addressOf>): readonly string[] {
  if (!("credentials" in address) || address.credentials === undefined) return [];
  const { user, password } = address.credentials;
  return [password === "" ? user : password];
}
