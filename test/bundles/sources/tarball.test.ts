import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { fetchRepository, movedTo, pollMilliseconds } from "../../../src/bundles/sources/fetch.ts";
import type { RepositorySource, SourceOptions } from "../../../src/bundles/sources/sources.ts";
import { type Answer, type Asked, startAnsweringServer } from "../../helpers/answering-server.ts";
import { expectNoSecret } from "../../helpers/leaks-no-secret.ts";
import { tgz } from "../../helpers/tarballs.ts";
import { writeFolder } from "../../helpers/write-folder.ts";

async function serving(answer: (asked: Asked, count: number) => Answer) {
  const server = await startAnsweringServer(answer);
  onTestFinished(server.close);
  return server;
}

const hasMoved = async (...of: Parameters<typeof movedTo>) => (await movedTo(...of)) !== undefined;

const options = (more: Partial<SourceOptions> = {}): SourceOptions => ({ workDir: writeFolder({}), env: {}, ...more });
const source = (url: string, more: Partial<RepositorySource> = {}): RepositorySource => ({
  name: "mine",
  url: `${url}/actions.tgz`,
  ...more,
});

async function fetched(of: RepositorySource, with_: SourceOptions) {
  const result = await fetchRepository(of, with_);
  if (!("path" in result)) throw new Error(result.problems.join(" "));
  return { ...result, files: readdirSync(result.path).sort() };
}

const one = { text: tgz({ "a.ts": "1" }) };

describe("a tarball", () => {
  it.each<[string, Record<string, string>, string[]]>([
    ["of files", { "a.ts": "1", "package.json": "{}" }, ["a.ts", "package.json"]],
    ["of one folder, as hosters make them", { "repo-main/a.ts": "1", "repo-main/src/b.ts": "" }, ["a.ts", "src"]],
    ["of one file", { "a.ts": "1" }, ["a.ts"]],
  ])("is fetched: %s", async (_, files, found) => {
    const server = await serving(() => ({ text: tgz(files) }));
    const with_ = options();
    const result = await fetched(source(server.url), with_);
    expect(result.files).toEqual(found);
    expect(result.revision).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(join(with_.workDir, "mine")).sort()).toEqual(
      ["asked.json", "current.json", result.revision].sort(),
    );
  });

  it("gets the headers and what the URL says of user and password, and where it sends on to gets none of them", async () => {
    const elsewhere = await serving(() => one);
    const server = await serving(({ url }) =>
      url === "/moved.tgz"
        ? { status: 302, headers: { location: `${elsewhere.url}/x` } }
        : { status: 307, headers: { location: "/moved.tgz" } },
    );
    const headers = { "PRIVATE-TOKEN": "glpat-12345" };
    await fetched(source(server.url.replace("//", "//me:hunter22@"), { headers }), options());
    const sent = server.asked.map(({ url, headers: of }) => [url, of["private-token"], of.authorization]);
    const basic = `Basic ${Buffer.from("me:hunter22").toString("base64")}`;
    expect(sent).toEqual([
      ["/actions.tgz", "glpat-12345", basic],
      ["/moved.tgz", "glpat-12345", basic],
    ]);
    expect(elsewhere.asked).toHaveLength(1);
    expectNoSecret(elsewhere.asked, ["glpat-12345", "hunter22", basic]);
  });

  const secrets = { headers: { Authorization: "Bearer very-secret" } };
  it.each<[string, Answer, Partial<RepositorySource>, RegExp]>([
    ["401", { status: 401 }, {}, /^\S+ asks for credentials; give them in `http_headers` \(HTTP status 401\)\.$/],
    ["403 with headers", { status: 403 }, secrets, /^\S+ does not take the credentials: .* \(HTTP status 403\)\.$/],
    ["404", { status: 404 }, secrets, /^\S+ has nothing at this URL, .* \(HTTP status 404\)\.$/],
    ["500", { status: 500, text: "very-secret" }, secrets, /^\S+ answered with HTTP status 500\.$/],
    ["a page", { text: "<html>Sign in</html>" }, {}, /^It is no tar archive, or a broken one\.$/],
    ["a compressed page", { text: gzipSync("<html>Sign in</html>") }, {}, /^It is no tar archive, or a broken one\.$/],
    [
      "half of one",
      { text: tgz({ "a.ts": "x".repeat(5_000) }).subarray(0, 60) },
      {},
      /^It is no tar archive, or a broken one\.$/,
    ],
    [
      "one that leads out",
      { text: tgz({ "../a.ts": "1" }) },
      {},
      /^The archive holds a path that leads out of it, "\.\.\/a\.ts"\.$/,
    ],
    [
      "a large one",
      { text: new Uint8Array(300_000) },
      {},
      /^The tarball has more than 0 MB; a repository of actions needs far less\.$/,
    ],
    [
      "one that unpacks to much",
      { text: tgz({ "a.ts": "x".repeat(2_000_000) }) },
      {},
      /^What the archive unpacks to has more than 1 MB; /,
    ],
    ["redirects without end", { status: 302, headers: { location: "/again.tgz" } }, {}, /^\S+ sends on and on\.$/],
    ["a cut connection", "cut", {}, /^\S+ cannot be read: (?:UND_ERR_SOCKET|ECONNRESET)\.$/],
    ["silence", "silence", {}, /^\S+ cannot be read: timed out\.$/],
  ])("says what is wrong: %s", async (_, answer, more, message) => {
    const server = await serving(() => answer);
    const limits = {
      transferred: 200_000,
      unpacked: 1024 * 1024,
      fetchMilliseconds: answer === "silence" ? 100 : 20_000,
    };
    const with_ = options({ limits });
    const result = await fetchRepository(source(server.url, more), with_);
    expect(result).toEqual({ problems: [expect.stringMatching(message)] });
    expectNoSecret(result, ["very-secret"]);
    expect(readdirSync(join(with_.workDir, "mine"))).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ["an ETag", { etag: '"1"' }],
    ["a date", { "last-modified": "Fri, 02 Jan 2026 00:00:00 GMT" }],
    ["nothing", {}],
  ])("is asked whether it has moved: by %s", async (_, headers) => {
    let files: Record<string, string> = { "a.ts": "1" };
    let stamp = headers;
    const server = await serving(({ headers: sent }) => {
      const known = sent["if-none-match"] ?? sent["if-modified-since"];
      const now = Object.values(stamp)[0];
      return known !== undefined && known === now ? { status: 304, text: "" } : { text: tgz(files), headers: stamp };
    });
    const [of, with_] = [source(server.url), options()];
    expect(pollMilliseconds(of)).toBe(60_000);
    const first = await fetched(of, with_);
    expect(await hasMoved(of, with_)).toBe(false);
    // Another date, and the same content.
    stamp = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(/1|02/, "03")]));
    expect(await hasMoved(of, with_)).toBe(false);
    files = { "a.ts": "2" };
    stamp = headers.etag === undefined ? {} : { etag: '"4"' };
    expect(await hasMoved(of, with_)).toBe(true);
    const second = await fetched(of, with_);
    expect(readFileSync(join(second.path, "a.ts"), "utf8")).toBe("2");
    expect(second.revision).not.toBe(first.revision);
  });

  it("that is away is what was fetched before, with a notice; what is wrong in it is a problem", async () => {
    let answer: Answer = one;
    const server = await serving(() => answer);
    const [of, with_] = [source(server.url), options()];
    const { revision = "" } = await fetched(of, with_);
    answer = { status: 503 };
    expect(await fetched(of, with_)).toMatchObject({
      revision,
      notices: [
        expect.stringContaining(
          `answered with HTTP status 503; what was fetched before goes on (${revision.slice(0, 12)}).`,
        ),
      ],
    });
    answer = { text: "nonsense" };
    expect(await fetchRepository(of, with_)).toEqual({ problems: ["It is no tar archive, or a broken one."] });
    // Under its name there is another source now.
    answer = { status: 503 };
    const other = { ...of, url: `${server.url}/other.tgz` };
    expect(await fetchRepository(other, with_)).toEqual({ problems: [expect.stringContaining("503")] });
  });

  it("is not asked again by whoever loads something else a moment later, also where it was away", async () => {
    let answer: Answer = one;
    const server = await serving(() => answer);
    const [of, with_] = [source(server.url), options({ recentMilliseconds: 60_000 })];
    const { path } = await fetched(of, with_);
    expect(await fetched(of, with_)).toMatchObject({ path, notices: [] });
    expect(server.asked).toHaveLength(1);
    answer = { status: 503 };
    await expect(hasMoved(of, with_)).rejects.toThrow("503");
    expect(await fetched(of, with_)).toMatchObject({ path, notices: [expect.stringContaining("503")] });
    expect(server.asked).toHaveLength(2);
    answer = { text: tgz({ "a.ts": "2" }) };
    expect(await hasMoved(of, with_)).toBe(true);
    expect((await fetched(of, with_)).path).not.toBe(path);
  });

  it("whose dependencies cannot be installed is refused, and what was before it goes on", async () => {
    const server = await serving((_, count) => (count === 1 ? one : { text: tgz({ "a.ts": "2" }) }));
    const with_ = options();
    const { path } = await fetched(source(server.url), with_);
    const install = async () => ["There is no package nonsense."];
    const again = await fetched(source(server.url), { ...with_, install });
    expect(again).toMatchObject({
      path,
      notices: [expect.stringContaining("There is no package nonsense; what was fetched")],
    });
    expect(await fetchRepository({ ...source(server.url), name: "new" }, { ...with_, install })).toEqual({
      problems: ["There is no package nonsense."],
    });
  });
});
