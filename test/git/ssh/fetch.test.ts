import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchRepository, movedTo } from "../../../src/bundles/sources/fetch.ts";
import type { RepositorySource, SourceOptions } from "../../../src/bundles/sources/sources.ts";
import { expectNoSecret } from "../../helpers/leaks-no-secret.ts";
import { makeRepository, scratch } from "../repository.ts";
import { makeKey, type Sshd, startSshd } from "../sshd.ts";

const deployKey = makeKey();
const locked = makeKey({ passphrase: "open sesame" });
const stranger = makeKey();
let sshd: Sshd & { readonly port: number };
beforeAll(async () => {
  sshd = await startSshd([deployKey.publicKey, locked.publicKey]);
});
afterAll(() => sshd.close());

const hasMoved = async (...of: Parameters<typeof movedTo>) => (await movedTo(...of)) !== undefined;

const options = (more: Partial<SourceOptions> = {}): SourceOptions => ({
  workDir: scratch(),
  env: { PATH: process.env.PATH },
  ...more,
});

const source = (path: string, more: Partial<RepositorySource> = {}): RepositorySource => ({
  name: "mine",
  url: `${sshd.url}${path}`,
  key: deployKey.key,
  knownHosts: sshd.knownHost,
  ...more,
});

async function fetched(of: RepositorySource, with_: SourceOptions) {
  const result = await fetchRepository(of, with_);
  if (!("path" in result)) throw new Error(result.problems.join(" "));
  const read = (file: string) => readFileSync(join(result.path, file), "utf8");
  return { ...result, files: readdirSync(result.path).sort(), read };
}

describe("a private repository over ssh", () => {
  it.each<[string, string]>([
    ["as it is", deployKey.key],
    ["without its last line end", deployKey.key.trimEnd()],
    ["with the line ends of Windows", deployKey.key.replaceAll("\n", "\r\n")],
    ["indented", deployKey.key.replaceAll("\n", "\n    ")],
    ["in base64", Buffer.from(deployKey.key).toString("base64")],
  ])("is fetched with its key, %s", async (_, key) => {
    const { path, git } = makeRepository({ "a.ts": "export const a = 1;", "src/b.ts": "" });
    const with_ = options();
    const result = await fetched(source(path, { key }), with_);
    expect(result).toMatchObject({ kind: "folder", revision: git("rev-parse", "HEAD"), notices: [] });
    expect(result.files).toEqual(["a.ts", "src"]);
    // Neither the key nor anything else is left beside.
    expect(readdirSync(join(with_.workDir, "mine")).sort()).toEqual(
      ["asked.json", "current.json", result.revision].sort(),
    );
  });

  it("is known by CUSTOM_SSH_HOST_KEYS too", async () => {
    const { path } = makeRepository({ "a.ts": "" });
    const { knownHosts: _, ...rest } = source(path);
    const result = await fetched(
      rest,
      options({ env: { PATH: process.env.PATH, CUSTOM_SSH_HOST_KEYS: sshd.knownHost } }),
    );
    expect(result.files).toEqual(["a.ts"]);
  });

  it.each<[string, (path: string) => RepositorySource, RegExp]>([
    [
      "a host that is not known",
      (path) => source(path, { knownHosts: "" }),
      /^The host key of \[127\.0\.0\.1\]:\d+ is not known\. Put the line that `ssh-keyscan` prints for it, .*CUSTOM_SSH_HOST_KEYS\.$/,
    ],
    [
      "a host key that changed",
      (path) => source(path, { knownHosts: `${sshd.host} ${stranger.publicKey}` }),
      /^The host key of \S+ is not the one that is known \(SHA256:[\w+/]{43}\): somebody may sit in between/,
    ],
    [
      "a key that the server does not know",
      (path) => source(path, { key: stranger.key }),
      /^\S+ does not take the key; add its public half to the repository as a deploy key\.$/,
    ],
    [
      "a key with a passphrase",
      (path) => source(path, { key: locked.key }),
      /^The key is protected by a passphrase; give one that is not/,
    ],
    [
      "a key that is cut off",
      (path) => source(path, { key: deployKey.key.replace(/(\n.*){3}\n$/, "\n") }),
      /^The key cannot be read/,
    ],
    ["a text that is no key", (path) => source(path, { key: "hunter2" }), /^The key is no private key of ssh/],
    [
      "a branch that is not there",
      (path) => source(path, { branch: "nightly" }),
      /^The repository has no branch and no tag "nightly"\.$/,
    ],
    [
      "a commit that is not there",
      (path) => source(path, { commit: "0".repeat(40) }),
      /^The repository has no commit 0{40} that its server gives away\.$/,
    ],
    [
      "a repository that is not there",
      (path) => source(`${path}.not`),
      /^\S+ has no such repository, or the key may not see it\.$/,
    ],
  ])("says what is wrong: %s", async (_, of, message) => {
    const { path } = makeRepository({ "a.ts": "" });
    const result = await fetchRepository(of(path), options());
    expect(result.problems).toEqual([expect.stringMatching(message)]);
    expectNoSecret(result, [deployKey.key, locked.key, stranger.key, "hunter2"]);
  });

  it("says that nobody listens", async () => {
    const other = await startSshd([]);
    await other.close();
    const result = await fetchRepository({ ...source("/x.git"), url: `${other.url}/x.git` }, options());
    expect(result.problems).toEqual([`${other.host} does not take connections.`]);
  });

  it("says that there is no git", async () => {
    const result = await fetchRepository(source("/x.git"), options({ env: { PATH: scratch() } }));
    expect(result.problems).toEqual(["There is no git on this machine; here it takes bundles and tarballs only."]);
  });
});

describe("a branch", () => {
  it("that moves is fetched again, and what was before it is kept, and no more", async () => {
    const repository = makeRepository({ "a.ts": "1" });
    const [with_, of] = [options(), source(repository.path)];
    const first = await fetched(of, with_);
    expect(await hasMoved(of, with_)).toBe(false);
    repository.commit({ "a.ts": "2" });
    expect(await hasMoved(of, with_)).toBe(true);
    expect((await fetched(of, with_)).read("a.ts")).toBe("2");
    expect(await hasMoved(of, with_)).toBe(false);
    repository.commit({ "a.ts": "3" });
    await fetched(of, with_);
    const kept = readdirSync(join(with_.workDir, "mine")).filter((name) => /^[0-9a-f]{40}$/.test(name));
    expect(kept).toHaveLength(2);
    expect(kept).not.toContain(first.revision);
  });

  it("that was pushed with force is fetched again, also back to what it was", async () => {
    const repository = makeRepository({ "a.ts": "1" });
    const [with_, of] = [options(), source(repository.path)];
    const first = await fetched(of, with_);
    repository.commit({ "a.ts": "2" }, { force: true });
    expect((await fetched(of, with_)).read("a.ts")).toBe("2");
    repository.git("push", "--quiet", "--force", repository.path, `${first.revision}:refs/heads/main`);
    expect(await hasMoved(of, with_)).toBe(true);
    expect((await fetched(of, with_)).read("a.ts")).toBe("1");
  });

  it("or a tag may be named, and a commit", async () => {
    const repository = makeRepository({ "a.ts": "main" });
    const pinned = repository.commit({ "a.ts": "pinned" });
    repository.git("tag", "--annotate", "--message=one", "v1");
    repository.git("push", "--quiet", repository.path, "v1");
    repository.commit({ "a.ts": "other" }, { branch: "other" });
    repository.commit({ "a.ts": "latest" });
    const read = async (more: Partial<RepositorySource>) => {
      const result = await fetched(source(repository.path, more), options());
      return result.read("a.ts");
    };
    expect(await read({ branch: "other" })).toBe("other");
    expect(await read({ branch: "v1" })).toBe("pinned");
    expect(await read({ commit: pinned })).toBe("pinned");
    expect(await read({ branch: pinned })).toBe("pinned");
    expect(await read({})).toBe("latest");
  });

  it("that is away is what was fetched before, with a notice; a pinned commit needs nobody", async () => {
    const repository = makeRepository({ "a.ts": "1" });
    const own = await startSshd([deployKey.publicKey]);
    const with_ = options();
    const of = source("", { url: `${own.url}${repository.path}`, knownHosts: own.knownHost });
    const pinned = { ...of, name: "pinned", commit: repository.git("rev-parse", "HEAD") };
    await fetched(of, with_);
    await fetched(pinned, with_);
    await own.close();
    expect(await fetched(of, with_)).toMatchObject({
      notices: [
        expect.stringMatching(/^\S+ does not take connections; what was fetched before goes on \([0-9a-f]{40}\)\.$/),
      ],
    });
    expect(await fetched(pinned, with_)).toMatchObject({ notices: [] });
    await expect(hasMoved(of, with_)).rejects.toThrow("does not take connections");
    expect(await hasMoved(pinned, with_)).toBe(false);
    // Of another branch nothing was fetched.
    expect(await fetchRepository({ ...of, branch: "other" }, with_)).toMatchObject({ problems: [expect.anything()] });
  });
});
