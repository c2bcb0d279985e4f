import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fetchRepository, movedTo } from "../../../src/bundles/sources/fetch.ts";
import type { RepositorySource, SourceOptions } from "../../../src/bundles/sources/sources.ts";
import { expectNoSecret } from "../../helpers/leaks-no-secret.ts";
import { type GitServer, type GitServerOptions, startGitServer } from "../http-server.ts";
import { type GitRepository, makeRepository, recordedPrograms, scratch } from "../repository.ts";

const token = "glpat-very-secret";
const basic = `Basic ${Buffer.from(`oauth2:${token}`).toString("base64")}`;

async function serving(repository: GitRepository, more: Partial<GitServerOptions> = {}): Promise<GitServer> {
  return await startGitServer({ root: dirname(repository.path), ...more });
}

const hasMoved = async (...of: Parameters<typeof movedTo>) => (await movedTo(...of)) !== undefined;

const options = (
  { certificate }: Pick<GitServer, "certificate">,
  more: Partial<SourceOptions> = {},
): SourceOptions => ({
  workDir: scratch(),
  env: { PATH: process.env.PATH, GIT_SSL_CAINFO: certificate },
  ...more,
});

const source = ({ url }: Pick<GitServer, "url">, more: Partial<RepositorySource> = {}): RepositorySource => ({
  name: "mine",
  url: `${url}/actions.git`,
  ...more,
});

async function fetched(of: RepositorySource, with_: SourceOptions) {
  const result = await fetchRepository(of, with_);
  if (!("path" in result)) throw new Error(result.problems.join(" "));
  return { ...result, files: readdirSync(result.path).sort(), text: readFileSync(join(result.path, "a.ts"), "utf8") };
}

describe("a repository over https", () => {
  it.each([
    ["by git's own server", false],
    ["as files alone", true],
  ])("is fetched, moves, and is fetched at a commit: %s", async (_, files) => {
    const repository = makeRepository({ "a.ts": "1" });
    const first = repository.git("rev-parse", "HEAD");
    const server = await serving(repository, { files });
    const [of, with_] = [source(server), options(server)];
    expect(await fetched(of, with_)).toMatchObject({ revision: first, text: "1", notices: [] });
    repository.commit({ "a.ts": "2" });
    expect(await hasMoved(of, with_)).toBe(true);
    expect(await fetched(of, with_)).toMatchObject({ text: "2" });
    expect(await fetched(source(server, { name: "pinned", commit: first }), with_)).toMatchObject({ text: "1" });
  });

  const authorised: GitServerOptions["refuse"] = (headers) =>
    headers.authorization === basic || headers["private-token"] === token
      ? undefined
      : { status: 401, headers: { "www-authenticate": 'Basic realm="git"' } };

  it.each<[string, (url: string) => Partial<RepositorySource>]>([
    ["in its URL", (url) => ({ url: `${url.replace("//", `//oauth2:${token}@`)}/actions.git` })],
    ["in http_headers", () => ({ headers: { "PRIVATE-TOKEN": token } })],
  ])("gets its token, which no command line and no file shows: %s", async (_, more) => {
    const repository = makeRepository({ "a.ts": "1" });
    const server = await serving(repository, { refuse: authorised });
    const programs = recordedPrograms(["git"]);
    const with_ = options(server, { env: { PATH: programs.path, GIT_SSL_CAINFO: server.certificate } });
    const of = source(server, more(server.url));
    const result = await fetched(of, with_);
    expect(result.text).toBe("1");
    await hasMoved(of, with_);
    expect(programs.read()).toMatch(/ls-remote -- https:\/\/127/);
    const home = join(with_.workDir, "mine");
    const kept = ["current.json", "asked.json"].map((name) => readFileSync(join(home, name), "utf8"));
    expectNoSecret([result, programs.read(), kept], [token, basic]);
  });

  it.each<[string, Partial<GitServerOptions>, Partial<RepositorySource>, RegExp]>([
    ["no credentials", { refuse: authorised }, {}, /^\S+ asks for credentials; give them in the URL/],
    [
      "wrong credentials",
      { refuse: authorised },
      { headers: { "PRIVATE-TOKEN": "wrong-token" } },
      /^\S+ does not take the credentials/,
    ],
    [
      "403",
      { refuse: () => ({ status: 403 }) },
      { headers: { "PRIVATE-TOKEN": "wrong-token" } },
      /^\S+ does not take the credentials/,
    ],
    ["404", { refuse: () => ({ status: 404 }) }, {}, /^\S+ has no such repository, or it is private/],
    ["500", { refuse: () => ({ status: 500 }) }, {}, /^\S+ answered with HTTP status 500\.$/],
    ["no such branch", {}, { branch: "nightly" }, /^The repository has no branch and no tag "nightly"\.$/],
    [
      "a header that is two",
      {},
      { headers: { A: "b\r\nC: d" } },
      /^The header A of `http_headers` has a line break in it\.$/,
    ],
  ])("says what is wrong: %s", async (_, with_, more, message) => {
    const server = await serving(makeRepository({ "a.ts": "1" }), with_);
    const result = await fetchRepository(source(server, more), options(server));
    expect(result.problems).toEqual([expect.stringMatching(message)]);
    expectNoSecret(result, ["wrong-token"]);
  });

  it("is refused where its certificate is not trusted", async () => {
    const server = await serving(makeRepository({ "a.ts": "1" }));
    const result = await fetchRepository(source(server), options(server, { env: { PATH: process.env.PATH } }));
    expect(result.problems).toEqual([
      expect.stringMatching(/^The certificate of \S+ is not one that this machine trusts/),
    ]);
  });

  it("is followed elsewhere without credentials, and not with them", async () => {
    const repository = makeRepository({ "a.ts": "1" });
    const elsewhere = await serving(repository);
    const refuse: GitServerOptions["refuse"] = () => ({
      status: 302,
      headers: { location: `${elsewhere.url}/actions.git/info/refs?service=git-upload-pack` },
    });
    const server = await serving(repository, { refuse });
    const with_ = options(elsewhere, { env: { PATH: process.env.PATH, GIT_SSL_CAINFO: trusting(server, elsewhere) } });
    expect((await fetched(source(server), with_)).text).toBe("1");
    const before = elsewhere.asked.length;
    const result = await fetchRepository(
      source(server, { name: "private", headers: { "PRIVATE-TOKEN": token } }),
      with_,
    );
    expect(result.problems).toEqual([
      expect.stringMatching(/^\S+ sends on to another URL, .* give the URL that it sends to\.$/),
    ]);
    expect(elsewhere.asked).toHaveLength(before);
  });
});

describe("a repository with much in it", () => {
  it("of 50 MB is fetched; one beyond the limit is refused, and nothing of it stays", async () => {
    const repository = makeRepository({ "a.ts": "1" });
    const parts = Array.from({ length: 10 }, (_, index) => [`large-${index}`, randomBytes(5 * 1024 * 1024)] as const);
    repository.commit({ "a.ts": "1", ...Object.fromEntries(parts) });
    const server = await serving(repository);
    expect((await fetched(source(server), options(server))).files).toHaveLength(11);
    const with_ = options(server, { limits: { transferred: 20 * 1024 * 1024 } });
    const transferred = await fetchRepository(source(server), with_);
    expect(transferred.problems).toEqual([
      "The repository has more than 20 MB; a repository of actions needs far less.",
    ]);
    const unpacked = await fetchRepository(source(server), { ...with_, limits: { unpacked: 20 * 1024 * 1024 } });
    expect(unpacked.problems).toEqual([
      "What the archive unpacks to has more than 20 MB; a repository of actions needs far less.",
    ]);
    expect(readdirSync(join(with_.workDir, "mine"))).toEqual([]);
  });

  it("is refused where it has more files than there may be", async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}.ts`, `${index}`]));
    const server = await serving(makeRepository(files));
    const result = await fetchRepository(source(server), options(server, { limits: { entries: 20 } }));
    expect(result.problems).toEqual(["The archive has more than 20 files and folders."]);
  });
});

/** A file of several certificates. */
function trusting(...servers: readonly GitServer[]): string {
  const file = join(scratch(), "certificates.pem");
  writeFileSync(file, servers.map(({ certificate }) => readFileSync(certificate, "utf8")).join("\n"));
  return file;
}
