import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sha256Of, writeManifest } from "../../src/bundles/bundle-manifest.ts";
import { type Bundle, compileRepository, type RepositoryOptions } from "../../src/bundles/compile.ts";
import type { HostModules } from "../../src/bundles/host.ts";
import { loadBundle } from "../../src/bundles/load-bundle.ts";
import * as cortado from "../../src/index.ts";
import { writeFolder } from "../helpers/write-folder.ts";
import { guide } from "./repositories.ts";

const host: HostModules = { cortado, zod: z };

const compile = (folder: string, options: Partial<RepositoryOptions> = {}) =>
  compileRepository({ name: "mine", url: pathToFileURL(folder).href, workDir: writeFolder({}), host, ...options });

async function made(folder: string, options?: Partial<RepositoryOptions>) {
  const result = await compile(folder, options);
  if (!("bundle" in result)) throw new Error(JSON.stringify(result.problems));
  return result;
}

const nothing = { milliseconds: 20_000, megabytes: 64 };

describe("a bundle that is loaded for the first time", () => {
  it("is asked what it is", async () => {
    const files = {
      "package.json": '{ "name": "shop-actions", "version": "1.2.3" }',
      "src/mine.ts": `import { action, onPodUpdate, PodEvent, playbook } from "cortado";
import * as z from "zod";
export const mine = action({
  name: "mine",
  description: "Mine.",
  on: PodEvent,
  effects: "destroy",
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  params: z.strictObject({ times: z.int().default(1) }),
  timeout: 5,
  retry: "never",
  override: true,
  run: () => {},
});
export const watchPods = playbook({ triggers: [onPodUpdate()], actions: [mine.with({})] });
`,
    };
    const { manifest, bundle, warnings } = await made(writeFolder(files));
    expect(manifest).toEqual({
      api: 1,
      cortado: expect.stringMatching(/^\d+\.\d+\.\d+/),
      bundle: bundle.sha256,
      package: { name: "shop-actions", version: "1.2.3" },
      actions: [
        {
          name: "mine",
          description: "Mine.",
          on: "PodEvent",
          effects: "destroy",
          permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
          params: {
            type: "object",
            properties: { times: expect.objectContaining({ type: "integer", default: 1 }) },
            additionalProperties: false,
          },
          timeout: 5,
          retry: "never",
          override: true,
          byHand: true,
          at: "src/mine.ts:3:21",
        },
      ],
      playbooks: [{ name: "watchPods", triggers: ["on_pod_update"], actions: ["mine"] }],
    });
    expect(warnings).toEqual([]);
    expect(JSON.parse(readFileSync(bundle.manifest.file, "utf8"))).toEqual(manifest);
  });

  it("is asked once: what it said stays beside it", async () => {
    const workDir = writeFolder({});
    // It says something else each time.
    const folder = writeFolder({
      "a.ts": `import { action, PodEvent } from "cortado";
export const a = action({ name: "at_" + process.hrtime.bigint(), on: PodEvent, run: () => {} });
`,
    });
    const first = await made(folder, { workDir });
    expect(await made(folder, { workDir })).toEqual(first);
  });

  it("may print, which is told and disturbs nothing", async () => {
    const folder = writeFolder({ "a.ts": 'console.log("hello"); console.error("there"); export const a = 1;' });
    const { warnings } = await made(folder);
    expect(warnings).toEqual([{ at: folder, message: "It prints as it is loaded: hello" }]);
  });

  it("learns nothing of this process's environment", async () => {
    process.env.CORTADO_TEST_SECRET = "s3cret";
    const folder = writeFolder({
      "a.ts": "console.log(process.env.CORTADO_TEST_SECRET, process.env.PATH); export const a = 1;",
    });
    const { warnings } = await made(folder);
    delete process.env.CORTADO_TEST_SECRET;
    expect(warnings).toEqual([{ at: folder, message: "It prints as it is loaded: undefined undefined" }]);
  });

  const action = (more: string) => `import { action, PodEvent } from "cortado";
import * as z from "zod";
export const mine = action({ name: "mine", on: PodEvent, ${more} run: () => {} });
`;
  it.each<[string, string, string, string]>([
    ["throws", 'const a = 1;\n\nthrow new Error("not today");', ":3:7", "It fails as it is loaded: not today."],
    [
      "throws later",
      'export const a = 1;\nawait new Promise((_, no) => setTimeout(() => no(new Error("late")), 1));',
      ":2:50",
      "It fails as it is loaded: late.",
    ],
    ["exits", "\nprocess.exit(0);", ":2:9", "It calls process.exit as it is loaded; that ends every action beside it."],
    [
      "exits, and lets nobody know",
      "\ntry { process.exit(0); } catch {}\nfor (;;);",
      ":2:15",
      "It calls process.exit as it is loaded; that ends every action beside it.",
    ],
    ["exits by another door", "process.reallyExit(3);", "", "Its process ended with code 3 as it was loaded."],
    [
      "kills",
      "process.kill(process.pid);",
      ":1:9",
      "It calls process.kill as it is loaded; that ends every action beside it.",
    ],
    [
      "starts a process",
      'import { execSync } from "node:child_process";\nexport const out = execSync("id");',
      ":2:20",
      "It starts a process as it is loaded; that belongs into `run`.",
    ],
    [
      "writes a file",
      'import { writeFileSync } from "node:fs";\n\nwriteFileSync("/tmp/cortado-was-here", "");',
      ":3:1",
      "It writes a file as it is loaded; that belongs into `run`.",
    ],
    [
      "starts a thread",
      'import { Worker } from "node:worker_threads";\nexport const w = new Worker("1", { eval: true });',
      ":2:18",
      "It starts a thread as it is loaded; that belongs into `run`.",
    ],
    [
      "waits for what never comes",
      "await new Promise(() => {});",
      "",
      "It waits for ever as it is loaded, with `await` outside of a function.",
    ],
    [
      "allocates without end",
      "const kept = [];\nfor (;;) kept.push(new Array(10_000).fill(kept.length));",
      "",
      "It takes more than 64 MB of memory as it is loaded.",
    ],
    [
      "allocates without end outside of the heap",
      "const kept = [];\nfor (;;) kept.push(Buffer.alloc(1_000_000, 1));",
      "",
      "It takes more than 64 MB of memory as it is loaded.",
    ],
    [
      "defines an action that cannot be",
      action("timeout: 1_000,"),
      ":3:21",
      "It fails as it is loaded: The action mine has a timeout of 1000; it is in seconds, at most 900.",
    ],
    [
      "has params without a JSON Schema",
      action("params: z.strictObject({ since: z.date() }),"),
      ":3:21",
      "The params of `mine` cannot be written as JSON Schema: Date cannot be represented in JSON Schema.",
    ],
    [
      "defines an action twice",
      `${action("")}export const again = action({ name: "mine", on: PodEvent, run: () => {} });\n`,
      ":4:22",
      "An action `mine` is already defined in FOLDER/a.ts:3:21; rename one of them.",
    ],
  ])("is refused where it %s", async (_, text, at, message) => {
    const folder = writeFolder({ "a.ts": `${text}\nexport {};\n` });
    expect(await compile(folder, { limits: nothing })).toEqual({
      problems: [{ at: at === "" ? folder : `${folder}/a.ts${at}`, message: message.replace("FOLDER", folder) }],
      warnings: [],
    });
  });

  it.each<[string, string, number, string]>([
    // Node has to start within that time for there to be a place.
    ["loops for ever", "interface Gone {}\nfunction spin() {\n  for (;;);\n}\nspin();", 4, "/a.ts:3:3"],
    ["waits for long", "await new Promise((done) => setTimeout(done, 60_000));", 0.3, ""],
  ])("is refused where it %s, once its time is over", async (_, text, seconds, at) => {
    const folder = writeFolder({ "a.ts": `${text}\nexport {};\n` });
    const { problems } = await compile(folder, { limits: { milliseconds: seconds * 1_000 } });
    const message = `It has not loaded after ${seconds} s: it loops, or waits for something.`;
    expect(problems).toEqual([{ at: `${folder}${at}`, message }]);
  });
});

describe("a compiled bundle", () => {
  const written = (bundle: Bundle, file: string, text: string): Bundle => {
    writeFileSync(file, text);
    return bundle;
  };
  const manifestOf = ({ manifest }: Bundle) => JSON.parse(readFileSync(manifest.file, "utf8"));
  /** As whoever compiled it would have written it. */
  const rewritten = (bundle: Bundle, changes: Record<string, unknown>): Bundle => {
    const { bytes, sha256 } = writeManifest({ ...manifestOf(bundle), ...changes });
    writeFileSync(bundle.manifest.file, bytes);
    return { ...bundle, manifest: { ...bundle.manifest, sha256 } };
  };

  it.each<[string, (bundle: Bundle) => Bundle, string]>([
    [
      "its bytes are others",
      (bundle) => written(bundle, bundle.file, "export const evil = 1;"),
      "is not what was compiled: its hash differs",
    ],
    [
      "its manifest is another",
      (bundle) => written(bundle, bundle.manifest.file, '{"api":1}'),
      "is not what was written with its bundle: its hash differs",
    ],
    [
      "its manifest is that of another bundle",
      (bundle) => rewritten(bundle, { bundle: sha256Of(Buffer.from("another")) }),
      "is the manifest of another bundle",
    ],
    [
      "it was made for another version of the API",
      (bundle) => rewritten(bundle, { api: 2, cortado: "7.0.0" }),
      "The bundle was made for version 2 of Cortado's API (by Cortado 7.0.0), and this Cortado has version 1; compile it again.",
    ],
    [
      "its bytes were made for another version of the API",
      (bundle) => {
        const text = readFileSync(bundle.file, "utf8").replaceAll("cortado.host.v1", "cortado.host.v2");
        writeFileSync(bundle.file, text.replaceAll("for version 1", "for version 2"));
        const sha256 = sha256Of(readFileSync(bundle.file));
        return rewritten({ ...bundle, sha256 }, { bundle: sha256 });
      },
      "This bundle was made for version 2 of Cortado's API, which is not there; compile it again.",
    ],
    [
      "it uses what this Cortado does not have",
      (bundle) => {
        writeFileSync(
          bundle.file,
          readFileSync(bundle.file, "utf8").replaceAll('pick("PodEvent")', 'pick("LaterEvent")'),
        );
        const sha256 = sha256Of(readFileSync(bundle.file));
        return rewritten({ ...bundle, sha256 }, { bundle: sha256 });
      },
      "This bundle uses LaterEvent of cortado, which this Cortado does not have; compile it again, or update Cortado.",
    ],
  ])("is not loaded where %s", async (_, change, message) => {
    const { bundle } = await made(writeFolder(guide));
    await expect(loadBundle(change(bundle), host)).rejects.toThrow(message);
  });

  it("holds nothing of the host but the names that it uses", async () => {
    const { bundle } = await made(writeFolder({ "a.ts": guide["pod-change-monitor.ts"] ?? "" }));
    const text = readFileSync(bundle.file, "utf8");
    expect([...text.matchAll(/pick\("(\w+)"\)/g)].map(([, name]) => name).sort()).toEqual(["PodChangeEvent", "action"]);
  });
});
