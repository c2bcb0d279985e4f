/** What the API answers, for its description. Nothing that answers a request to run something loads it. */
import * as z from "zod";
import { effects } from "../playbooks/action.ts";
import { runStates } from "../playbooks/run-record.ts";
import { findingSchema } from "../sinks/finding-schema.ts";

const milliseconds = z.number().describe("Milliseconds since the epoch");
const texts = z.array(z.string());

const permission = z.object({ apiGroups: texts, resources: texts, verbs: texts }).describe("As in a Kubernetes Role");

export const actionAnswer = z.object({
  name: z.string(),
  description: z.string(),
  on: z.string().describe("The event class that it takes"),
  effects: z
    .enum(effects)
    .describe("What it does to the world: nothing, what can be done again, what cannot be taken back"),
  permissions: z.array(permission),
  retry: z.enum(["resume", "never"]),
  timeoutSeconds: z.number(),
  target: z.object({
    required: z.boolean(),
    kinds: texts.describe("The kinds of objects that it can be run on"),
  }),
  params: z.record(z.string(), z.unknown()).describe("The JSON Schema of its params"),
  byHand: z.boolean().describe("Whether it can be run by hand"),
  whyNot: z.string().optional(),
});

export const actionsAnswer = z.object({ actions: z.array(actionAnswer) });

const named = {
  run: z.string().describe("A ulid"),
  url: z.string().describe("Where to ask for it again"),
  state: z.enum(runStates).describe("`queued` and `running` are those that have not ended"),
  cluster: z.string(),
  title: z.string().describe("What it is about"),
  startedAt: milliseconds,
  milliseconds: z.number().describe("How long it took"),
  invocation: z
    .object({
      action: z.string(),
      caller: z.string(),
      target: z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }).optional(),
      dryRun: z.boolean().optional(),
    })
    .optional()
    .describe("Of what somebody has run by hand"),
};

const call = z.object({
  verb: z.string(),
  resource: z.string(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  status: z.number().describe("The cluster's HTTP status; 0 where there was no answer"),
  milliseconds: z.number(),
  dryRun: z.boolean().optional().describe("It was only tried"),
});

const step = z.object({
  playbook: z.string().describe("`~` and the action's name where it was run by hand"),
  action: z.string(),
  state: z.string().describe("`done`, or how else it ended"),
  reason: z.string().optional(),
  milliseconds: z.number(),
  calls: z.array(call).describe("What it asked of the cluster's API"),
});

const effect = z.object({
  verb: z.string(),
  resource: z.string(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  command: texts.optional().describe("What would have been run in a container"),
  changes: z.array(z.unknown()).optional().describe("Every field that would have another value"),
  object: z.unknown().optional().describe("What would have been created"),
});

const sinkResult = z.object({
  sink: z.string(),
  part: z.string(),
  outcome: z.enum(["posted", "edited", "skipped", "failed"]),
  reason: z.string().optional(),
  retryAt: milliseconds.optional(),
});

const { version: _v, messageId: _m, possiblyRepeated: _p, enrichmentsLeftOut: _e, ...finding } = findingSchema.shape;

export const runAnswer = z.object({
  ...named,
  generation: z.string().describe("The hash of the configuration that worked it"),
  attempt: z.number(),
  steps: z.array(step),
  findings: z
    .array(z.object(finding))
    .optional()
    .describe("What was found, for whoever ran it by hand; once it has ended"),
  dryRun: z.boolean().optional(),
  effects: z.array(effect).optional().describe("Of a dry run: what it would have changed"),
  notes: texts,
  sinks: z.array(sinkResult).optional(),
  others: z
    .array(z.object({ playbook: z.string(), reason: z.string(), builtin: z.boolean().optional() }))
    .describe("The playbooks that did not run, and why"),
});

export const runsAnswer = z.object({
  runs: z.array(z.object({ ...named, playbook: z.string() })),
  next: z.string().optional().describe("Where to go on, as `before`; absent at the end"),
});

export const problemAnswer = z
  .object({
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    problems: z
      .array(z.object({ path: z.string().describe("`params.word`"), message: z.string() }))
      .optional()
      .describe("Where there are several: every one, with its place in the request"),
  })
  .describe("RFC 9457");
