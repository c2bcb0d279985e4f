/** What may stand in cortado.yaml, section by section. Params of triggers, actions and sinks have schemas of their own. */
import * as z from "zod";
import { addressOf } from "../bundles/sources/address.ts";
import { repeatSchema } from "../tools/duration.ts";

/** Maps with one key: the name of a trigger, an action or a sink, and its params. Three, so that the JSON Schema can tell them apart. */
export const triggerUse = z.record(z.string(), z.unknown());
export const actionUse = z.record(z.string(), z.unknown());
export const sinkUse = z.record(z.string(), z.unknown());

export const playbookSchema = z.strictObject({
  name: z.string().min(1).nullish().describe("Names the playbook in messages, records and disabledPlaybooks."),
  triggers: z
    .array(triggerUse)
    .min(1, { error: "A playbook has at least one trigger." })
    .describe("Any of them starts the playbook."),
  actions: z.array(actionUse).min(1, { error: "A playbook has at least one action." }).describe("Run in this order."),
  sinks: z.array(z.string()).min(1, { error: "Name at least one sink, or leave `sinks` out." }).nullish(),
  stop: z.boolean().nullish().describe("Keeps later playbooks from seeing what this one ran for."),
});

const clusterName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, {
  error: "The name of a cluster is made of lower-case letters, digits, dots and dashes, 63 at most",
});

const clusterSchema = z.strictObject({
  name: clusterName,
  kubeconfig: z.string().min(1).nullish().describe("Path of a kubeconfig file."),
  context: z.string().min(1).nullish().describe("The context within it; default: its current one."),
});

/** As git has it, and nothing that it would take for an option or a pattern. */
const branchName = /^$|^(?!-)(?!.*(?:\.\.|@\{|\/\/))[^\s\p{Cc}~^:?*[\\]+$/u;

export const repositorySchema = z.strictObject({
  url: z
    .string()
    .superRefine((url, context) => {
      const address = addressOf(url);
      if ("problem" in address) context.addIssue({ code: "custom", message: address.problem });
    })
    .describe(
      "file:///path of a folder or of a compiled bundle (.mjs), git@host:owner/repository.git, https://host/owner/repository.git, or https://host/repository.tgz.",
    ),
  key: z.string().nullish().describe("A private key for ssh that has no passphrase; as it is, or in base64."),
  branch: z
    .string()
    .regex(branchName, { error: "This is not the name of a branch" })
    .nullish()
    .describe("Of git: a branch or a tag; default: the server's own."),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, { error: "Give a commit as 40 hex digits, as `git rev-parse` prints it" })
    .nullish()
    .describe("Of git: this commit and no other. It is fetched once, and not polled."),
  known_hosts: z
    .string()
    .nullish()
    .describe(
      "Host keys of ssh servers, as in ~/.ssh/known_hosts; those of GitHub, GitLab, Bitbucket and Azure are known.",
    ),
  poll_seconds: z
    .int()
    .min(0)
    .max(86_400)
    .refine((seconds) => seconds === 0 || seconds >= 5, { error: "Give at least 5 seconds, or 0 for never" })
    .nullish()
    .describe("How often git and tarballs are asked whether there is something later; default 60, 0 for never."),
  pip_install: z.boolean().nullish().describe("Robusta's; means nothing here."),
  build_isolation: z.boolean().nullish().describe("Robusta's; means nothing here."),
  http_headers: z
    .record(z.string(), z.string())
    .nullish()
    .describe("Sent over HTTP to the server of the URL, and to no other that it sends on to."),
});

export const repositoryName = z.string().regex(/^\w[\w.-]*$/, {
  error: "Names of repositories are made of letters, digits, dots, dashes and underscores",
});

const relabelSchema = z.strictObject({
  source: z.string().min(1).describe("The label whose value is taken."),
  target: z.string().min(1).describe("The label that gets it."),
  operation: z.enum(["add", "replace"]).default("add").describe("`replace` also takes the source away."),
});

const scope = z.string().regex(/^(?:ingest|read|admin|invoke:[\w*]+)$/, {
  error:
    "A scope is `ingest`, `read`, `admin`, or `invoke:` with the name of an action, in which `*` stands for any characters",
});

/** What a credential may do, and where. */
export const principalSchema = z.strictObject({
  name: z.string().min(1).describe("Names it in records of what it did."),
  scopes: z
    .array(scope)
    .nullish()
    .describe(
      "`ingest` (webhooks; the default), `read` (runs and actions), `admin` (playbooks, and `read`), `invoke:<action>` (by hand; `*` covers nothing that destroys, `invoke:**` does).",
    ),
  clusters: z.array(clusterName).nullish().describe("The clusters it may speak for; default: all."),
  namespaces: z
    .array(z.string().min(1))
    .nullish()
    .describe("Where what it runs by hand may touch objects; default: everywhere."),
});

const signerSchema = principalSchema.extend({
  key: z.string().min(32, { error: "A key has at least 32 characters; `openssl rand -hex 32` makes one" }),
});

const tokenSchema = principalSchema.extend({
  sha256: z.string().regex(/^[0-9a-f]{64}$/i, {
    error: "Give the SHA-256 of the token as 64 hex digits, as `printf %s TOKEN | sha256sum` prints it",
  }),
});

const playbookList = z.array(playbookSchema);

/** The sections, by the key under which they stand. */
export const sections = {
  clusterName: clusterName.describe("The cluster of everything that does not say otherwise."),
  clusters: z.array(clusterSchema).describe("Further clusters, where one Cortado serves several."),
  clusterLabel: z.string().min(1).describe("The alert label that names the cluster, for a central Alertmanager."),
  playbookRepos: z
    .record(repositoryName, repositorySchema)
    .describe("Your own actions in TypeScript: folders, git repositories, tarballs."),
  customPlaybooks: playbookList,
  namedCustomPlaybooks: z.record(z.string(), z.union([playbookSchema, playbookList])),
  priorityBuiltinPlaybooks: playbookList.describe("Run before the custom ones. Where absent, Cortado's own."),
  builtinPlaybooks: playbookList.describe("Run after the custom ones. Where absent, Cortado's own; [] for none."),
  disabledPlaybooks: z.array(z.string()).describe("Names of builtin playbooks that are left out."),
  sinksConfig: z.array(sinkUse),
  globalConfig: z
    .record(z.string(), z.unknown())
    .describe("Defaults for the params of every action that declares them."),
  alertRelabel: z.array(relabelSchema).describe("Copies labels of alerts before anything looks at them."),
  alertRepeat: repeatSchema.describe(
    "After how long an alert that still fires runs its playbooks again; default never.",
  ),
  lightActions: z.array(z.string()),
  auth: z.strictObject({
    tokens: z
      .array(tokenSchema)
      .nullish()
      .describe("Bearer tokens, or passwords of basic credentials, by their SHA-256."),
    signers: z.array(signerSchema).nullish().describe("Keys of callers that sign their requests."),
  }),
} satisfies Record<string, z.ZodType>;

export type SectionName = keyof typeof sections;
export type Section<K extends SectionName> = z.output<(typeof sections)[K]>;

/** The keys of Robusta's own file, where they differ from those of its Helm values. */
export const runnerKeys: Readonly<Record<string, SectionName>> = {
  active_playbooks: "customPlaybooks",
  playbook_repos: "playbookRepos",
  sinks_config: "sinksConfig",
  global_config: "globalConfig",
  alert_relabel: "alertRelabel",
  light_actions: "lightActions",
};

/** Keys of Robusta's Helm values that configure its installation. They say nothing to Cortado and may stay. */
export const installationKeys: ReadonlySet<string> = new Set([
  "alertsWithoutResource",
  "argoRollouts",
  "automountServiceAccountToken",
  "clusterZone",
  "customClusterRoleRules",
  "customServiceAccount",
  "disableCloudRouting",
  "enableHolmesGPT",
  "enablePlatformPlaybooks",
  "enablePrometheusStack",
  "enableServiceMonitors",
  "enabledManagedConfiguration",
  "fullnameOverride",
  "global",
  "globalAnnotations",
  "grafanaRenderer",
  "holmes",
  "image",
  "isSmallCluster",
  "kube-prometheus-stack",
  "kubewatch",
  "monitorHelmReleases",
  "openshift",
  "platformPlaybooks",
  "playbooksPersistentVolume",
  "playbooksPersistentVolumeSize",
  "playbooksPersistentVolumeStorageClass",
  "rsa",
  "runner",
  "runnerServiceAccount",
  "scaleAlertsProcessing",
]);
