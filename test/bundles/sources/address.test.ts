import { describe, expect, it } from "vitest";
import { addressOf, secretsOf, titleOf } from "../../../src/bundles/sources/address.ts";

describe("the URL of a playbook repository", () => {
  it.each<[string, object]>([
    ["file:///playbooks/mine", { kind: "folder", path: "/playbooks/mine" }],
    ["file:///playbooks/my%20own/", { kind: "folder", path: "/playbooks/my own/" }],
    ["file:///playbooks/mine.mjs", { kind: "bundle", path: "/playbooks/mine.mjs" }],
    [
      "git@github.com:owner/repo.git",
      { kind: "git", protocol: "ssh", url: "git@github.com:owner/repo.git", host: "github.com" },
    ],
    [
      "git@host.example:~me/repo",
      { kind: "git", protocol: "ssh", url: "git@host.example:~me/repo", host: "host.example" },
    ],
    [
      "ssh://git@host.example/owner/repo.git",
      { kind: "git", protocol: "ssh", url: "ssh://git@host.example/owner/repo.git", host: "host.example" },
    ],
    [
      "ssh://git@host.example:2222/repo.git",
      { kind: "git", protocol: "ssh", url: "ssh://git@host.example:2222/repo.git", host: "[host.example]:2222" },
    ],
    [
      "https://github.com/owner/repo.git",
      { kind: "git", protocol: "https", url: "https://github.com/owner/repo.git", host: "github.com" },
    ],
    [
      "https://github.com/owner/repo",
      { kind: "git", protocol: "https", url: "https://github.com/owner/repo", host: "github.com" },
    ],
    [
      "https://user:p%40ss@host.example:8443/repo.git",
      {
        kind: "git",
        protocol: "https",
        url: "https://host.example:8443/repo.git",
        host: "host.example:8443",
        credentials: { user: "user", password: "p@ss" },
      },
    ],
    ["https://host.example/a/b.tgz", { kind: "tarball", url: "https://host.example/a/b.tgz", host: "host.example" }],
    [
      "https://host.example/b.tar.gz?token=x#y",
      { kind: "tarball", url: "https://host.example/b.tar.gz?token=x", host: "host.example" },
    ],
    [
      "http://gitea.tools.svc/owner/repo.git",
      { kind: "git", protocol: "http", url: "http://gitea.tools.svc/owner/repo.git", host: "gitea.tools.svc" },
    ],
  ])("%s", (url, address) => {
    expect(addressOf(url)).toEqual(address);
  });

  it.each([
    "",
    "/playbooks",
    "file://playbooks",
    "file:///a%00b",
    "git://github.com/owner/repo.git",
    "-oProxyCommand=touch /tmp/x",
    "--upload-pack=touch",
    "ext::sh -c touch% /tmp/x",
    "fd::17/x",
    "git@-oProxyCommand=x:repo.git",
    "-u@host:repo.git",
    "git@host:-repo.git",
    "ssh://-oProxyCommand=x/repo.git",
    "ssh://-l@host/repo.git",
    "ssh://%2DoProxyCommand=x@host/repo.git",
    "ssh://user:password@host/repo.git",
    "ssh://host",
    "https://host",
    "https:///x.git",
    "https://host/a b.git",
    "https://host/a\n.git",
    "ftp://host/x.tgz",
    "s3://bucket/x.tgz",
  ])("is refused, with a sentence that does not repeat it: %j", (url) => {
    const refused = addressOf(url);
    expect(refused).toEqual({ problem: expect.stringMatching(/^[A-Z][^\n]+\.$/) });
    expect(JSON.stringify(refused)).not.toContain("password");
    if (url.length > 12) expect(JSON.stringify(refused)).not.toContain(url);
  });

  it("is shown without its query, and its secrets are known", () => {
    const url = "https://me:hunter22@host.example/b.tgz?token=secret";
    const address = addressOf(url);
    if (!("kind" in address) || address.kind !== "tarball") throw new Error("no tarball");
    expect(titleOf(address)).toBe("https://host.example/b.tgz");
    const headers = { Authorization: "Bearer abcdef", Accept: "application/gzip", "PRIVATE-TOKEN": "glpat-1" };
    expect(secretsOf({ name: "x", url, headers, key: "k" })).toEqual([
      "hunter22",
      "Bearer abcdef",
      "glpat-1",
      "secret",
      "k",
    ]);
    expect(secretsOf({ name: "x", url: "https://ghp_abc@host.example/b.git" })).toEqual(["ghp_abc"]);
    expect(secretsOf({ name: "x", url: "https://oauth2:hunter22@host.example/b.git" })).toEqual(["hunter22"]);
  });
});
