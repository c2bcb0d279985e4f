/**
 * How the house is laid out, held: who may import whom, what is loaded when, and what the outside sees. Where this page says more than
 * the design does, the row gives the reason.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findCycle, type Import, loadedWith, readImports, root } from "./helpers/imports.ts";

interface Row {
  /** A folder, a file, or several of them that keep the same rule. */
  readonly of: string;
  /** What they may import, beside their own folder and packages. */
  readonly mayImport: string;
  /** Of these they may import types alone. */
  readonly typesOf?: string;
  readonly why?: string;
}

/** Plain data and pure functions that any folder may name as a type. */
const words =
  "delivery trace findings/* events/* kubernetes/kubernetes kubernetes/objects kubernetes/objects.gen prometheus/prometheus prometheus/params";

const table: readonly Row[] = [
  {
    of: "functions/*",
    mayImport: "app pipeline services/* settings server/run-server",
    why: "an entry holds no logic of its own",
  },
  {
    of: "app",
    mayImport: "api/* auth/* buttons/* caller tools/parse-json problem-details receivers/*",
    typesOf: "delivery pipeline",
  },
  {
    of: "api/*",
    mayImport:
      "auth/* bundles/bundle-manifest bundles/publish caller tools/did-you-mean errors kubernetes/kinds kubernetes/paths tools/parse-json playbooks/action playbooks/params playbooks/run-record problem-details sinks/finding-schema state/decide-invocation trace",
    typesOf: "bundles/compile bundles/store delivery log playbooks/action-facts state/state",
    why: "what senders of webhooks do not ask for; no playbook code runs here",
  },
  { of: "caller", mayImport: "auth/* receivers/body", typesOf: "state/state" },
  { of: "problem-details", mayImport: "errors", typesOf: "log" },
  {
    of: "pipeline",
    mayImport:
      "trace telling findings/report kubernetes/resolve playbooks/base-finding playbooks/match playbooks/run-delivery playbooks/setbacks playbooks/turns sinks/notify state/decide state/job buttons/result effects kubernetes/dry-run",
    typesOf: "delivery kubernetes/kubernetes pipeline-services queue/queue state/state",
    why: "the stages are functions over ports; none of them is an implementation of one",
  },
  {
    of: "telling",
    mayImport: "trace buttons/result playbooks/setbacks sinks/notify state/decide",
    typesOf: "delivery findings/* pipeline-services queue/queue state/state sinks/route",
    why: "what the pipeline does with messages, in a file of its own",
  },
  {
    of: "server/*",
    mayImport:
      "app api/endings pipeline services/* log tools/* errors queue/local queue/quarantine queue/worker-pool bundles/publish queue/try-load watch/* trace problem-details caller auth/principal",
    typesOf: "app delivery settings state/state playbooks/manifest queue/queue",
    why: "together they are one way to run the program, put together from services",
  },
  {
    of: "inline",
    mayImport: "app buttons/apps errors pipeline services/* log tools/scrub queue/inline",
    typesOf: "settings trace queue/queue",
    why: "the other way to run it",
  },
  { of: "pipeline-services", mayImport: "", typesOf: "*", why: "it names ports, and holds nothing" },
  { of: "services/*", mayImport: "*", why: "the only one that knows every implementation" },
  {
    of: "settings",
    mayImport: "errors",
    typesOf: "log kubernetes/kubeconfig state/* bundles/*",
    why: "plain data that is handed to worker threads",
  },
  { of: "errors findings/*", mayImport: "" },
  {
    of: "effects",
    mayImport: "receivers/redact-secret triggers/diff",
    typesOf: "trace findings/blocks kubernetes/kubernetes kubernetes/objects",
    why: "what changes show of an object is the same, whether it was changed or would be",
  },
  { of: "delivery", mayImport: "", typesOf: "findings/* kubernetes/objects" },
  { of: "trace", mayImport: "", typesOf: "delivery findings/* kubernetes/kubernetes" },
  {
    of: "tools/*",
    mayImport: "errors",
    why: "small tools without a word of the domain",
  },
  { of: "scope", mayImport: "tools/regex", why: "triggers and sinks have the same `scope`" },
  { of: "log", mayImport: "", typesOf: "tools/scrub" },
  { of: "auth/*", mayImport: "errors", typesOf: "playbooks/action", why: "what an action does decides who may run it" },
  { of: "receivers/*", mayImport: "errors", typesOf: "delivery kubernetes/objects" },
  {
    of: "triggers/*",
    mayImport:
      "events/* scope tools/duration kubernetes/kinds kubernetes/datetime kubernetes/label-selector kubernetes/subject",
    typesOf: `${words} state/state`,
    why: "the table of kinds names triggers; a rate limit counts for the workload, as messages name it",
  },
  {
    of: "buttons/*",
    mayImport: "errors tools/did-you-mean tools/network-failure problem-details playbooks/run-record receivers/body",
    typesOf: `${words} log state/state playbooks/action-facts`,
    why: "a press is a request of Slack's that becomes an invocation",
  },
  {
    of: "playbooks/*",
    mayImport:
      "errors events/* findings/* trace tools/did-you-mean tools/scrub bundles/* buttons/apps index effects kubernetes/dry-run kubernetes/secrets kubernetes/kinds kubernetes/alert-labels tools/duration",
    typesOf: `${words} log bundles/host kubernetes/resolve queue/queue state/state triggers/trigger receivers/receiver auth/*`,
    why: "a generation is a configuration with its bundles, to which it gives `cortado`; the manifest names what receivers need of it",
  },
  { of: "actions/*", mayImport: "index", why: "they are written as a user would write them" },
  { of: "events/*", mayImport: "", typesOf: words },
  { of: "kubernetes/*", mayImport: "errors", typesOf: "delivery findings/*" },
  {
    of: "prometheus/*",
    mayImport: "errors kubernetes/abortable tools/network-failure",
    typesOf: "kubernetes/kubernetes kubernetes/objects.gen",
  },
  { of: "state/*", mayImport: "errors", typesOf: "delivery findings/*" },
  { of: "graphs/*", mayImport: "findings/graph-points", typesOf: "findings/blocks" },
  {
    of: "sinks/*",
    mayImport: "errors buttons/* findings/* graphs/* tools/network-failure tools/regex scope",
    typesOf: "delivery trace state/state",
  },
  {
    of: "watch/*",
    mayImport: "errors bundles/sources/fetch",
    typesOf: "bundles/sources/sources playbooks/manifest state/state",
  },
  {
    of: "queue/*",
    mayImport: "errors",
    typesOf: "delivery trace log settings state/state playbooks/manifest bundles/compile",
    why: "a thread hands over its log's and its manifest's types, and knows nothing else of playbooks",
  },
  { of: "bundles/*", mayImport: "errors tools/did-you-mean tools/network-failure", typesOf: "state/state" },
  {
    of: "index",
    mayImport:
      "events/* findings/* kubernetes/create-job kubernetes/datetime kubernetes/job-result kubernetes/kinds kubernetes/names kubernetes/pod-facts kubernetes/quantity kubernetes/related-pods kubernetes/run-job kubernetes/run-on-node kubernetes/to-yaml kubernetes/wait kubernetes/wait-for-workloads playbooks/action playbooks/playbook prometheus/params prometheus/prometheus triggers/* tools/regex",
    typesOf: `${words} log state/state`,
    why: "what an action may use: no I/O but through its event",
  },
  {
    of: "testing testing/*",
    mayImport:
      "index errors effects events/* findings/* kubernetes/* playbooks/* prometheus/* state/* triggers/* testing/*",
    typesOf: `${words} log queue/queue`,
    why: "an author's tests run actions as the pipeline does",
  },
  {
    of: "cli/*",
    mayImport:
      "errors services/* settings server/run-server bundles/* playbooks/generation playbooks/host playbooks/json-schema sinks/* tools/network-failure dev/* index",
    typesOf: "findings/* trace state/state",
  },
  { of: "dev/*", mayImport: "*", why: "it is never part of a function" },
  {
    of: "infra/*",
    mayImport: "playbooks/names kubernetes/kinds services/* events/event-class findings/* sinks/*",
    why: "what is generated is read off the code",
  },
];

/** Packages, and the modules that may import them by value. What is not here is not used. */
const packages: Readonly<Record<string, string>> = {
  "@aws-sdk/client-dynamodb": "state/*",
  "@aws-sdk/client-s3": "bundles/s3-store",
  "@aws-sdk/credential-provider-node": "prometheus/aws",
  "@hono/node-server": "server/listen dev/*",
  "@kubernetes/client-node": "kubernetes/kubeconfig",
  "@resvg/resvg-wasm": "graphs/png",
  "@slack/web-api": "sinks/slack-client",
  "@smithy/core": "prometheus/aws",
  "@smithy/signature-v4": "prometheus/aws",
  commander: "cli/main",
  dynalite: "state/embedded-thread",
  esbuild: "bundles/esbuild infra/*",
  "fastest-levenshtein": "tools/did-you-mean",
  hono: "app server/admin-app",
  microdiff: "triggers/diff",
  "p-limit": "kubernetes/api prometheus/turns",
  pino: "log",
  "prom-client": "server/metrics",
  re2js: "tools/regex kubernetes/log-text",
  tar: "bundles/sources/tar",
  ulid: "state/* api/* buttons/*",
  ws: "kubernetes/exec dev/*",
  yaml: "playbooks/yaml-source kubernetes/yaml-text dev/*",
  zod: "scope tools/duration api/* buttons/* receivers/* triggers/* playbooks/* actions/* kubernetes/* prometheus/* state/* sinks/* bundles/* testing/* cli/* dev/* infra/*",
};

/** Loaded when they are first needed: a function that only answers a webhook never pays for them. */
const heavy = [
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/client-s3",
  "@aws-sdk/credential-provider-node",
  "@smithy/signature-v4",
  "@kubernetes/client-node",
  "@resvg/resvg-wasm",
  "@slack/web-api",
  "dynalite",
  "esbuild",
  "tar",
  "yaml",
];

/** `src/kubernetes/objects.gen.ts` as the table writes it: `kubernetes/objects.gen`. */
const nameOf = (module: string) => module.replace(/^src\//, "").replace(/\.ts$/, "");

function among(names: string, module: string): boolean {
  const name = nameOf(module);
  return names
    .split(" ")
    .some((one) => one === "*" || one === name || (one.endsWith("/*") && name.startsWith(one.slice(0, -1))));
}

const folderOf = (module: string) => nameOf(module).split("/").slice(0, -1)[0];
const isOurs = (module: string) => /^(?:src|functions|infra)\//.test(module);
const show = ({ from, to, kind }: Import) => `${from} imports ${to}${kind === "type" ? " for its types" : ""}`;

let modules: readonly string[];
let imports: readonly Import[];
beforeAll(async () => {
  ({ modules, imports } = await readImports());
});

describe("who may import whom", () => {
  it.each(table)("$of: $mayImport", ({ of, mayImport, typesOf = "" }) => {
    const beyond = imports.filter(({ from, to, kind }) => {
      if (!among(of, from) || !isOurs(to) || (folderOf(from) !== undefined && folderOf(from) === folderOf(to)))
        return false;
      return !among(mayImport, to) && !(kind === "type" && among(typesOf, to));
    });
    expect(beyond.map(show)).toEqual([]);
  });

  it("every module is in the table", () => {
    expect(modules.filter((module) => !table.some(({ of }) => among(of, module)))).toEqual([]);
  });

  it("nothing but the command line imports src/dev", () => {
    const into = imports.filter(({ from, to }) => to.startsWith("src/dev/") && !/^src\/(?:dev|cli)\//.test(from));
    expect(into.map(show)).toEqual([]);
  });

  it("no modules import each other in a circle", () => {
    expect(findCycle(imports)).toBeUndefined();
  });
});

describe("packages", () => {
  it.each(Object.entries(packages))("%s is imported by %s", (name, by) => {
    const users = imports.filter(
      ({ to, kind }) => kind !== "type" && to.split("/", name.startsWith("@") ? 2 : 1).join("/") === name,
    );
    expect(users.filter(({ from }) => !among(by, from)).map(show)).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });

  it("there are no others", () => {
    const known = (to: string) =>
      isOurs(to) ||
      to.startsWith("node:") ||
      to === "package.json" ||
      Object.keys(packages).some((name) => to === name || to.startsWith(`${name}/`));
    expect(imports.filter(({ to, kind }) => kind !== "type" && !known(to)).map(show)).toEqual([]);
  });

  it.each([
    "src/app.ts",
    "src/server/server.ts",
    "src/services/services.ts",
    "functions/node.ts",
    "functions/node-worker.ts",
    "src/cli/main.ts",
  ])("%s loads no heavy one, and nothing of src/dev", (entry) => {
    const loaded = [...loadedWith(entry, imports)];
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.filter((one) => heavy.includes(one) || one.startsWith("src/dev/"))).toEqual([]);
  });
});

describe("files", () => {
  const read = (file: string) => readFileSync(path.join(root, file), "utf8");

  it("have at most 400 lines, but for those that a program wrote", () => {
    const files = [...modules, ...globSync("test/**/*.ts", { cwd: root })];
    const written = files.filter((file) => !file.endsWith(".gen.ts"));
    expect(written.filter((file) => read(file).split("\n").length > 401)).toEqual([]);
  });

  it("src/index.ts is the only barrel, but for the list of built-in actions", () => {
    const code = /^\s*(?!\/\/|\/?\*|export\b[^;]*\bfrom\b[^;]*;)\S/m;
    const onlyExports = (text: string) => !code.test(text.replaceAll(/^export[^;]*?from "[^"]+";$/gm, ""));
    expect(modules.filter((module) => onlyExports(read(module))).sort()).toEqual([
      "src/actions/all.ts",
      "src/bundles/sources/tar.ts",
      "src/index.ts",
    ]);
  });
});
