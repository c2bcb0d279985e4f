import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { fetchRepository } from "../../src/bundles/sources/fetch.ts";
import { watchersOf } from "../../src/watch/sources.ts";
import { type Answer, startAnsweringServer } from "../helpers/answering-server.ts";
import { tgz } from "../helpers/tarballs.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const options = () => ({ workDir: writeFolder({}), env: {}, onAsked: () => undefined, onEnded: () => undefined });

it("files, folders and bundles are watched, and what is elsewhere is polled where it can move", () => {
  const folder = writeFolder({});
  const repositories = [
    { name: "folder", url: pathToFileURL(folder).href },
    { name: "bundle", url: "file:///x/y.mjs" },
    { name: "git", url: "git@host.example:a/b.git" },
    { name: "tarball", url: "https://host.example/a.tgz", pollSeconds: 5 },
    { name: "pinned", url: "git@host.example:a/b.git", commit: "0".repeat(40) },
    { name: "never", url: "git@host.example:a/b.git", pollSeconds: 0 },
  ];
  const watched = [...watchersOf({ files: ["/etc/token"], repositories }, options()).keys()];
  expect(watched).toEqual([
    "/etc/token",
    folder,
    "/x/y.mjs",
    JSON.stringify(repositories[2]),
    JSON.stringify(repositories[3]),
  ]);
});

it("what is polled tells that it moved from what was fetched, and each time whether it can be asked", async () => {
  let answer: Answer = { text: tgz({ "a.ts": "1" }) };
  const server = await startAnsweringServer(() => answer);
  onTestFinished(server.close);
  const source = { name: "mine", url: `${server.url}/a.tgz`, pollSeconds: 0.02 };
  const told: string[] = [];
  const asked: (string | undefined)[] = [];
  const with_ = {
    workDir: writeFolder({}),
    env: {},
    onAsked: (_: string, away?: string) => void asked.push(away),
    onEnded: () => void asked.push("ended"),
  };
  await fetchRepository(source, with_);
  const [watcher] = watchersOf({ files: [], repositories: [source] }, with_).values();
  const watch = watcher?.start((why) => told.push(why));
  onTestFinished(() => watch?.close());
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(1));
  expect(told).toEqual([]);
  answer = { status: 503 };
  await vi.waitFor(() => expect(asked.at(-1)).toContain("503"));
  expect(told).toEqual([]);
  answer = { text: tgz({ "a.ts": "2" }) };
  await vi.waitFor(() => expect(told[0]).toBe("the repository mine moved"));
  expect(asked.at(-1)).toBeUndefined();
  await fetchRepository(source, with_);
  const before = asked.length;
  told.length = 0;
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before + 2));
  expect(told.length).toBeLessThan(2);
});
