import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { parseConfiguration, readConfiguration } from "../../src/playbooks/configuration.ts";

const problemsOf = (text: string) =>
  parseConfiguration(text, { file: "c.yaml" }).problems.map(
    ({ at, message }) => `${at.slice("c.yaml:".length)} ${message}`,
  );

const sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

describe("a configuration", () => {
  it("is read from the keys that users of Robusta's Helm values know", () => {
    const configuration = readConfiguration(
      `
clusterName: prod
clusters:
- {name: staging, kubeconfig: /etc/staging, context: admin}
clusterLabel: cluster
playbookRepos:
  my_actions: {url: "file:///root/my-actions", pip_install: "False"}
customPlaybooks:
- triggers:
  - on_prometheus_alert: {alert_name: X}
  - on_pod_update:
  actions:
  - logs_enricher:
  sinks: [main]
  stop: true
namedCustomPlaybooks:
  one: {triggers: [{on_pod_update: {}}], actions: [{my_action: {}}]}
  several:
  - {triggers: [{on_pod_update: {}}], actions: [{my_action: {}}]}
builtinPlaybooks:
- {name: CrashLoopBackOff, triggers: [{on_pod_update: {}}], actions: [{my_action: {}}]}
- {name: Watchdog, triggers: [{on_pod_update: {}}], actions: [{my_action: {}}]}
disabledPlaybooks: [Watchdog]
sinksConfig:
- slack_sink: {name: main, slack_channel: c}
globalConfig: {bash_command: ls}
alertRelabel:
- {source: exported_pod, target: pod, operation: replace}
- {source: a, target: b}
alertRepeat: 4h
lightActions: [delete_pod]
auth:
  tokens:
  - {name: alertmanager, sha256: ${sha256}, clusters: [prod]}
enablePlatformPlaybooks: true
`,
      { file: "c.yaml" },
    );
    const { origin, playbooks, ...rest } = configuration;
    expect(rest).toEqual({
      clusterName: "prod",
      clusters: [{ name: "staging", kubeconfig: "/etc/staging", context: "admin" }],
      clusterLabel: "cluster",
      repositories: [{ name: "my_actions", url: "file:///root/my-actions", at: "c.yaml:7:21" }],
      sinks: [
        { name: "slack_sink", params: { name: "main", slack_channel: "c" }, path: ["sinksConfig", 0, "slack_sink"] },
      ],
      globalConfig: { bash_command: "ls" },
      alertRelabel: [
        { source: "exported_pod", target: "pod", operation: "replace" },
        { source: "a", target: "b", operation: "add" },
      ],
      alertRepeat: "4h",
      lightActions: ["delete_pod"],
      tokens: [{ name: "alertmanager", sha256, clusters: ["prod"] }],
      signers: [],
    });
    expect(playbooks.map(({ name, stop, sinks }) => ({ name, stop, sinks }))).toEqual([
      { name: undefined, stop: true, sinks: ["main"] },
      { name: "one", stop: false, sinks: undefined },
      { name: "several", stop: false, sinks: undefined },
      { name: "CrashLoopBackOff", stop: false, sinks: undefined },
    ]);
    expect(playbooks[0]?.triggers).toEqual([
      {
        name: "on_prometheus_alert",
        params: { alert_name: "X" },
        path: ["customPlaybooks", 0, "triggers", 0, "on_prometheus_alert"],
      },
      { name: "on_pod_update", params: {}, path: ["customPlaybooks", 0, "triggers", 1, "on_pod_update"] },
    ]);
    expect(origin.notices).toEqual([
      { at: "c.yaml:35:1", message: "`enablePlatformPlaybooks` configures Robusta's installation and is ignored." },
      { at: "c.yaml:7:48", message: "`pip_install` is about Python, and is ignored." },
    ]);
  });

  it("is read from the keys of Robusta's own file", () => {
    const { playbooks, sinks, repositories, clusterName, alertRelabel, lightActions } = readConfiguration(
      `
global_config: {cluster_name: prod}
playbook_repos: {mine: {url: "file:///mine"}}
sinks_config: [{slack_sink: {name: main}}]
alert_relabel: [{source: a, target: b}]
light_actions: [drain]
active_playbooks:
- triggers: [{on_pod_update: }]
  actions: [{my_action: }]
`,
      { file: "c.yaml" },
    );
    expect({ clusterName, alertRelabel, lightActions }).toEqual({
      clusterName: "prod",
      alertRelabel: [{ source: "a", target: "b", operation: "add" }],
      lightActions: ["drain"],
    });
    expect(repositories).toEqual([{ name: "mine", url: "file:///mine", at: "c.yaml:3:30" }]);
    expect(sinks[0]?.path).toEqual(["sinks_config", 0, "slack_sink"]);
    expect(playbooks[0]?.path).toEqual(["active_playbooks", 0]);
  });

  it("may be empty, and so may its sections", () => {
    expect(problemsOf("")).toEqual([]);
    expect(problemsOf("customPlaybooks:\nsinksConfig:\nglobalConfig:\nauth:\nnamedCustomPlaybooks:\n")).toEqual([]);
  });

  it("may use anchors and merge keys, which are found again in problems", () => {
    const text =
      "customPlaybooks:\n- &first\n  triggers: [{a: }]\n  actions: [{b: }]\n  stop: 7\n- {<<: *first, name: second}\n";
    expect(problemsOf(text)).toEqual(["5:9 `stop` of a playbook must be true or false, not a whole number."]);
  });

  it.each<[string, string, string[]]>([
    [
      "a key that stands twice",
      "clusterName: a\nclusterLabel: b\nclusterName: c\n",
      ["3:1 This key stands twice in the same place; keep one of them."],
    ],
    ["tabs", "customPlaybooks:\n\t- a\n", ["2:1 YAML is not indented with tabs; use spaces."]],
    [
      "two documents",
      "clusterName: a\n---\nclusterName: b\n",
      ["2:1 The file holds more than one document; remove the line ---."],
    ],
    ["an anchor that is not there", "clusterName: *x\n", ["1:14 No anchor &x stands before this."]],
    [
      "a reference without quotes",
      "clusterName: {{ env.X }}\n",
      ['1:15 A value that begins with {{ goes in quotes, as in "{{ env.NAME }}".'],
    ],
    [
      "a reference without quotes, with more",
      "clusterName: {{ env.X }}-a\n",
      ['1:25 A value that begins with {{ goes in quotes, as in "{{ env.NAME }}".'],
    ],
    ["a colon without quotes", "clusterLabel: a: b\n", ['1:15 A value that holds ": " goes in quotes.']],
    ["an unknown tag", "clusterName: !env X\n", ["1:14 The YAML is not understood: Unresolved tag: !env."]],
    ["an open quote", 'clusterName: "a\n', ['2:1 This is not YAML: missing closing "quote.']],
    [
      "aliases of aliases that would fill the memory",
      `a: &a [x, x, x, x, x, x, x, x, x]\n${[..."bcdefgh"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join(", ")}]\n`).join("")}`,
      ["1:1 The YAML cannot be used: Excessive alias count indicates a resource exhaustion attack."],
    ],
    ["a list", "- a\n", ["1:1 The configuration is a map of sections: customPlaybooks, sinksConfig, …."]],
    [
      "unknown sections",
      "customPlaybook: []\nnonsense: 1\nsinkConfig: []\n",
      [
        "1:1 There is no section `customPlaybook`; did you mean `customPlaybooks`?",
        "2:1 There is no section `nonsense`.",
        "3:1 There is no section `sinkConfig`; did you mean `sinksConfig`?",
      ],
    ],
    [
      "a section under both of its names",
      "customPlaybooks: []\nactive_playbooks: []\n",
      ["2:1 `active_playbooks` is another name of `customPlaybooks`; keep one of them."],
    ],
    [
      "sections of another type",
      "customPlaybooks: {}\nnamedCustomPlaybooks: []\nglobalConfig: x\nsinksConfig: {slack_sink: {}}\nclusterName: Prod\n",
      [
        "1:18 `customPlaybooks` is a list of playbooks, each beginning with a dash.",
        "2:23 `namedCustomPlaybooks` is a map of names to playbooks.",
        "3:15 `globalConfig` must be a map, not a string.",
        "4:14 `sinksConfig` must be a list, not a map.",
        "5:14 The name of a cluster is made of lower-case letters, digits, dots and dashes, 63 at most.",
      ],
    ],
    [
      "playbooks without parts, and with unknown ones",
      "customPlaybooks:\n- triggers: []\n  action: []\n- nothing\n-\n- {triggers: [on_pod_update], actions: [{}]}\n",
      [
        "2:3 A playbook needs `actions`, a list.",
        "2:13 A playbook has at least one trigger.",
        "3:3 A playbook has no `action`; did you mean `actions`?",
        "4:3 A playbook must be a map, not a string.",
        "5:2 A playbook must be a map, not empty.",
        "6:15 `triggers[0]` of a playbook must be a map, not a string.",
      ],
    ],
    [
      "a trigger whose params are not indented, and actions that share a dash",
      "customPlaybooks:\n- triggers:\n  - on_prometheus_alert:\n    alert_name: X\n  actions:\n  - logs_enricher:\n    my_action:\n",
      [
        "4:5 A trigger is a map with one key, its name; indent `alert_name` further if it belongs to `on_prometheus_alert`, or put a dash before it.",
        "7:5 An action is a map with one key, its name; indent `my_action` further if it belongs to `logs_enricher`, or put a dash before it.",
      ],
    ],
    [
      "playbook repositories",
      "playbookRepos:\n  a: {url: git://github.com/x/y.git}\n  b: {url: -oProxyCommand=x}\n  c: {url: file:///x, branch: --upload-pack=x, commit: abc}\n  d: {url: /x}\n  e: {url: file://x/y}\n  f: {urls: file:///x, poll_seconds: 1}\n  ../g: {url: file:///x}\n",
      [
        "2:12 The protocol git:// is neither encrypted nor verified; give the https:// or the ssh URL of the repository.",
        "3:12 This is not the URL of a repository. Give file:///path of a folder, git@host:owner/repository.git, https://host/owner/repository.git, or https://host/repository.tgz.",
        "4:31 This is not the name of a branch.",
        "4:56 Give a commit as 40 hex digits, as `git rev-parse` prints it.",
        "5:12 This is not the URL of a repository. Give file:///path of a folder, git@host:owner/repository.git, https://host/owner/repository.git, or https://host/repository.tgz.",
        "6:12 The URL of a folder has three slashes, as in file:///playbooks.",
        "7:3 The repository `f` needs `url`, a string.",
        "7:7 The repository `f` has no `urls`; did you mean `url`?",
        "7:38 Give at least 5 seconds, or 0 for never.",
        "8:3 Names of repositories are made of letters, digits, dots, dashes and underscores.",
      ],
    ],
    [
      "relabelling, repetition and tokens",
      "alertRelabel: [{source: a, operation: ad}]\nalertRepeat: 4 hours\nauth: {tokens: [{name: a, sha256: abc}], token: 1}\n",
      [
        "1:16 `alertRelabel` needs `[0].target`, a string.",
        "1:39 `[0].operation` of `alertRelabel` must be one of add, replace; did you mean `add`?",
        "2:14 Give a duration as in 30m, 4h or 1h30m, or `never`.",
        "3:35 Give the SHA-256 of the token as 64 hex digits, as `printf %s TOKEN | sha256sum` prints it.",
        "3:42 `auth` has no `token`; did you mean `tokens`?",
      ],
    ],
  ])("is refused with line and column: %s", (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it("is refused with all its problems in one error", () => {
    expect(() => readConfiguration("a: 1\nb: 2\n", { file: "c.yaml" })).toThrow(ConfigurationError);
    expect(() => readConfiguration("a: 1\nb: 2\n", { file: "c.yaml" })).toThrow(
      "2 problems:\n  c.yaml:1:1  There is no section `a`.\n  c.yaml:2:1  There is no section `b`.",
    );
  });
});
