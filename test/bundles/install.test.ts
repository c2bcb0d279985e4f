import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installDependencies } from "../../src/bundles/install.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const json = (value: unknown) => JSON.stringify(value, undefined, 2);

/** A repository that depends on a package in a folder of its own, so that no registry is asked. */
const repository = {
  "package.json": json({ name: "mine", version: "1.0.0", dependencies: { shout: "file:./shout" } }),
  "shout/package.json": json({ name: "shout", version: "1.0.0", scripts: { install: "touch ../ran" } }),
  "shout/index.js": "module.exports = (text) => text.toUpperCase();",
  "package-lock.json": json({
    name: "mine",
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { name: "mine", version: "1.0.0", dependencies: { shout: "file:./shout" } },
      "node_modules/shout": { resolved: "shout", link: true },
      shout: { version: "1.0.0", hasInstallScript: true },
    },
  }),
};

/** npm's files are the test's own. */
const environment = () => ({ ...process.env, HOME: writeFolder({}), npm_config_offline: "true" });

describe("the dependencies of a repository", () => {
  it("are installed from its lockfile, and none of their scripts run", async () => {
    const folder = writeFolder(repository);
    expect(await installDependencies(folder, { env: environment() })).toEqual([]);
    const shouted = execFileSync(process.execPath, ["-p", 'require("shout")("loud")'], { cwd: folder });
    expect(shouted.toString()).toBe("LOUD\n");
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  const { "package-lock.json": _, ...unlocked } = repository;
  it.each<[string, Record<string, string>, RegExp]>([
    ["without a lockfile", unlocked, /^It has dependencies, and no package-lock\.json/],
    [
      "with one that is not of this package.json",
      {
        ...repository,
        "package.json": json({ name: "mine", dependencies: { shout: "file:./shout", whisper: "file:./whisper" } }),
        "whisper/package.json": json({ name: "whisper", version: "1.0.0" }),
      },
      /^Its dependencies cannot be installed: .*in sync/,
    ],
  ])("are refused %s", async (_name, files, message) => {
    const folder = writeFolder(files);
    const problems = await installDependencies(folder, { env: environment() });
    expect(problems).toEqual([{ at: join(folder, "package.json"), message: expect.stringMatching(message) }]);
  });

  it.each<[string, Record<string, string>]>([
    ["there are none", { "package.json": json({ name: "mine" }) }],
    ["there is no package.json", { "a.ts": "" }],
    ["they are there", { ...unlocked, "node_modules/shout/package.json": "{}" }],
  ])("are left alone where %s", async (_, files) => {
    // Without npm it would be told that there is none.
    expect(await installDependencies(writeFolder(files), { env: { PATH: "" } })).toEqual([]);
  });

  it("need npm, which is said where it is missing", async () => {
    const problems = await installDependencies(writeFolder(repository), { env: { PATH: "/nowhere" } });
    expect(problems[0]?.message).toMatch(/no npm here/);
  });

  it("are given up after a while", async () => {
    const folder = writeFolder({ ...repository, "bin/npm": "#!/bin/sh\nexec sleep 60\n" });
    execFileSync("chmod", ["+x", join(folder, "bin/npm")]);
    const env = { PATH: `${join(folder, "bin")}:${process.env.PATH}` };
    const problems = await installDependencies(folder, { env, milliseconds: 50 });
    expect(problems[0]?.message).toBe("Its dependencies were not installed within 0.05 s.");
  });

  it("never learn this process's secrets", async () => {
    const folder = writeFolder({ ...repository, "bin/npm": "#!/bin/sh\nenv >&2; exit 1\n" });
    execFileSync("chmod", ["+x", join(folder, "bin/npm")]);
    const env = { PATH: `${join(folder, "bin")}:${process.env.PATH}`, SLACK_TOKEN: "xoxb-s3cret" };
    const problems = await installDependencies(folder, { env });
    expect(problems[0]?.message).toContain("PATH=");
    expect(problems[0]?.message).not.toContain("s3cret");
  });
});
