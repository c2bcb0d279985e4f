import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { checkConfiguration, type GenerationOptions, loadGeneration } from "../../src/playbooks/generation.ts";
import { guide } from "../bundles/repositories.ts";
import { writeFolder } from "../helpers/write-folder.ts";
import { logsEnricher, podBashEnricher, silencer, sinkTypes, triggers } from "./vocabulary.ts";

const options = (text: string, more: Partial<GenerationOptions> = {}): GenerationOptions => ({
  file: "c.yaml",
  text,
  env: {},
  builtinActions: [logsEnricher, silencer],
  triggers,
  sinkTypes,
  workDir: writeFolder({}),
  ...more,
});

const repository = (name: string, folder: string) => `  ${name}: {url: "${pathToFileURL(folder).href}"}\n`;

const guidePlaybooks = `customPlaybooks:
- triggers:
  - on_pod_update: {}
  - on_prometheus_alert: {alert_name: KubePodCrashLooping}
  actions:
  - my_action: {}
  - pod_bash_enricher: {bash_command: ps aux}
  - argo_app_sync: {argo_url: "https://argo.example.com", argo_token: "{{ env.ARGO_TOKEN }}", argo_app_name: shop}
- triggers: [on_pod_update: {}]
  actions: [pod_change_monitor: ]
`;

const namedAction = (name: string) =>
  `import { action, PodEvent } from "cortado";\nexport const mine = action({ name: "${name}", on: PodEvent, run: () => {} });\n`;

describe("a generation", () => {
  it.each<[string, Record<string, string>]>([
    ["a folder of TypeScript", guide],
    ["a package", { ...guide, "package.json": '{ "name": "my-actions", "private": true, "type": "module" }' }],
  ])("has the guide's actions, from %s", async (_, files) => {
    const folder = writeFolder(files);
    const text = `playbookRepos:\n${repository("my_actions", folder)}${guidePlaybooks}`;
    const generation = await loadGeneration(options(text, { env: { ARGO_TOKEN: "t0k3n" } }));
    expect(generation.actions.map(({ name }) => name)).toEqual([
      "logs_enricher",
      "severity_silencer",
      "argo_app_sync",
      "my_action",
      "pod_bash_enricher",
      "pod_change_monitor",
    ]);
    expect(generation.playbooks.map(({ steps }) => steps.map(({ action, params }) => [action.name, params]))).toEqual([
      [
        ["my_action", {}],
        ["pod_bash_enricher", { bash_command: "ps aux" }],
        [
          "argo_app_sync",
          {
            argo_url: "https://argo.example.com",
            argo_token: "t0k3n",
            argo_app_name: "shop",
            rate_limit_seconds: 1800,
          },
        ],
      ],
      [["pod_change_monitor", {}]],
    ]);
    expect(generation.notices).toEqual([]);
  });

  it("refuses the guide's monitor of changes under alerts, with the reason and the hint", async () => {
    const text = `playbookRepos:\n${repository("my_actions", writeFolder(guide))}customPlaybooks:\n- triggers: [on_prometheus_alert: ]\n  actions: [pod_change_monitor: ]\n`;
    await expect(loadGeneration(options(text))).rejects.toThrow(
      "c.yaml:5:13  pod_change_monitor takes a PodChangeEvent, but on_prometheus_alert emits a PrometheusKubernetesAlert; use a higher class: PodEvent.",
    );
  });

  it("is named by its configuration and its bundles", async () => {
    const folder = writeFolder({ "a.ts": namedAction("a") });
    const other = writeFolder({ "a.ts": namedAction("b") });
    const text = `playbookRepos:\n${repository("mine", folder)}`;
    const first = await loadGeneration(options(text));
    expect(first.hash).toMatch(/^[0-9a-f]{16}$/);
    expect((await loadGeneration(options(text))).hash).toBe(first.hash);
    expect((await loadGeneration(options(`${text}# changed\n`))).hash).not.toBe(first.hash);
    const changed = await loadGeneration(options(text.replace(folder, other)));
    expect(changed.hash).not.toBe(first.hash);
    // What is compiled already is taken as it is: the folder may be gone.
    const text2 = text.replace(folder, "/gone");
    const again = await loadGeneration(options(text2, { bundles: first.bundles }));
    expect(again.actions.map(({ name }) => name)).toContain("a");
  });

  it("lets a user's action take the place of a built-in one where it says so, and only there", async () => {
    const text = (folder: string) => `playbookRepos:\n${repository("mine", folder)}`;
    const quiet = namedAction("logs_enricher");
    const silently = writeFolder({ "quiet.ts": quiet });
    await expect(loadGeneration(options(text(silently)))).rejects.toThrow(
      `${join(silently, "quiet.ts")}:2:21  \`logs_enricher\` is the name of a built-in action; rename yours, or write \`override: true\` in it`,
    );
    const saying = writeFolder({ "quiet.ts": quiet.replace("on:", "override: true, on:") });
    const generation = await loadGeneration(options(text(saying)));
    expect(generation.notices).toEqual([]);
    expect(generation.actions.find(({ name }) => name === "logs_enricher")).not.toBe(logsEnricher);
  });

  it.each(["cortado_playbooks", "robusta_playbooks"])(
    "has the actions of %s in the place of all built-in ones",
    async (name) => {
      const defaults = writeFolder({ "a.ts": namedAction("logs_enricher") });
      const own = writeFolder({ "b.ts": namedAction("logs_enricher").replace("on:", "override: true, on:") });
      const text = `playbookRepos:\n${repository(name, defaults)}`;
      const generation = await loadGeneration(options(text));
      expect(generation.actions.map((action) => [action.name, action.override])).toEqual([["logs_enricher", false]]);
      const both = await loadGeneration(options(`${text}${repository("mine", own)}`));
      expect(both.actions.map((action) => [action.name, action.override])).toEqual([["logs_enricher", true]]);
    },
  );

  it("has the built-in actions where Robusta's Helm values name its own", async () => {
    const text = 'playbookRepos: {robusta_playbooks: {url: "file:///etc/robusta/playbooks/defaults"}}\n';
    const { actions, bundles } = await loadGeneration(options(text));
    expect(actions).toEqual([logsEnricher, silencer]);
    expect(bundles).toEqual([]);
  });

  it("has the playbooks that a repository exports, and a map of severities", async () => {
    const files = {
      "a.ts": `import { action, onPodUpdate, PodEvent, playbook } from "cortado";
export const mine = action({ name: "mine", on: PodEvent, run: () => {} });
export const watchPods = playbook({ triggers: [onPodUpdate()], actions: [mine.with({})] });
`,
    };
    const text = `playbookRepos:\n${repository("mine", writeFolder(files))}globalConfig: {custom_severity_map: {page: HIGH}}\n`;
    const generation = await loadGeneration(options(text));
    expect(generation.playbooks.map(({ id, steps }) => [id, steps[0]?.action.name])).toEqual([["watchPods", "mine"]]);
    expect(generation.severities).toEqual({ page: "HIGH" });
  });

  it("is refused with the problems of the file, its repositories and its playbooks in one error", async () => {
    const broken = writeFolder({ "a.ts": "export const = 1;" });
    const python = writeFolder({ "pyproject.toml": "" });
    const throws = writeFolder({ "a.ts": 'throw new Error("not today");' });
    const one = writeFolder({ "one.ts": namedAction("twice") });
    const two = writeFolder({ "two.ts": namedAction("twice") });
    const text = `nonsense: 1
playbookRepos:
${repository("broken", broken)}${repository("python", python)}${repository("throws", throws)}${repository("one", one)}${repository("two", two)}  git: {url: "git://github.com/x/y.git"}
globalConfig: {custom_severity_map: {page: HIGHEST}}
customPlaybooks:
- triggers: [on_pod_updat: ]
  actions: [from_broken: ]
`;
    const found: unknown = await loadGeneration(options(text)).catch((error: unknown) => error);
    expect(found).toBeInstanceOf(ConfigurationError);
    expect(found instanceof ConfigurationError && found.problems).toEqual([
      { at: "c.yaml:1:1", message: "There is no section `nonsense`." },
      {
        at: "c.yaml:8:14",
        message:
          "The protocol git:// is neither encrypted nor verified; give the https:// or the ssh URL of the repository.",
      },
      {
        at: "c.yaml:9:44",
        message: "`page` of custom_severity_map must be one of DEBUG, INFO, LOW, MEDIUM, HIGH.",
      },
      { at: "c.yaml:11:14", message: "There is no trigger `on_pod_updat`; did you mean `on_pod_update`?" },
      { at: `${broken}/a.ts:1:14`, message: 'Expected identifier but found "=".' },
      {
        at: "c.yaml:4:17",
        message: "This repository is written in Python; Cortado runs actions written in TypeScript or JavaScript.",
      },
      { at: `${throws}/a.ts:1:7`, message: "It fails as it is loaded: not today." },
      {
        at: `${two}/two.ts:2:21`,
        message: `An action \`twice\` is already defined in ${one}/one.ts:2:21; rename one of them.`,
      },
    ]);
  });

  it("is checked without the secrets", async () => {
    const text = `playbookRepos:\n${repository("my_actions", writeFolder(guide))}${guidePlaybooks}`;
    await expect(loadGeneration(options(text))).rejects.toThrow("The environment variable ARGO_TOKEN is not set.");
    expect(await checkConfiguration(options(text))).toEqual({ problems: [], notices: [] });
  });

  it("is checked without what the URL of a repository refers to", async () => {
    const folder = writeFolder({ "a.ts": namedAction("mine") });
    const text = `playbookRepos:\n  mine: {url: "file://{{ env.FOLDER }}"}\ncustomPlaybooks:\n- {triggers: [on_pod_update: ], actions: [mine: , mine: {x: 1}]}\n`;
    expect(await checkConfiguration(options(text))).toEqual({
      problems: [],
      notices: [
        { at: "c.yaml:2:3", message: "The repository `mine` is not looked into: what it refers to is not there." },
      ],
    });
    expect(await checkConfiguration(options(text, { env: { FOLDER: folder } }))).toEqual({
      problems: [{ at: "c.yaml:4:58", message: "mine has no `x`." }],
      notices: [],
    });
  });

  it("is read from its file, or says why it cannot be", async () => {
    const { text: _, ...fromFile } = options("");
    const file = join(writeFolder({ "cortado.yaml": "clusterName: prod\n" }), "cortado.yaml");
    expect((await loadGeneration({ ...fromFile, file })).configuration.clusterName).toBe("prod");
    await expect(loadGeneration({ ...fromFile, file: "/gone.yaml" })).rejects.toThrow(
      "/gone.yaml  The configuration cannot be read: there is no such file.",
    );
  });

  it("keeps the built-in actions where there is no repository", async () => {
    const { actions } = await loadGeneration(options("", { builtinActions: [podBashEnricher] }));
    expect(actions).toEqual([podBashEnricher]);
  });
});
