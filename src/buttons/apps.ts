/** The Slack apps whose buttons are answered: sinks with a signing secret. */
import * as z from "zod";
import type { Problem } from "../errors.ts";

/** A sink's Slack app, as the side that answers its buttons knows it. */
export interface SlackApp {
  readonly sink: string;
  readonly signingSecret: string;
  /** The ids of those who may press; absent: everybody who sees the message. */
  readonly users?: readonly string[];
}

/** A sink of a configuration; its params are undefined where a secret of the cluster is among them. */
export interface ConfiguredApp {
  readonly type: string;
  readonly name: string;
  readonly at: string;
  readonly params: unknown;
  /** With references to secrets of the cluster as references. */
  readonly written: unknown;
}

const slackSink = "slack_sink";

const buttonParams = z.object({
  signing_secret: z.string().optional(),
  button_users: z.array(z.string()).nullish(),
  hide_buttons: z.boolean().optional(),
});

export function slackAppsOf(sinks: readonly ConfiguredApp[]): readonly SlackApp[] {
  return sinks.flatMap((sink): SlackApp[] => {
    const { signing_secret, button_users } = paramsOf(sink);
    if (signing_secret === undefined || isReference(signing_secret)) return [];
    return [
      { sink: sink.name, signingSecret: signing_secret, ...(button_users == null ? {} : { users: button_users }) },
    ];
  });
}

/** What whoever checks a configuration should know of its buttons. */
export function buttonNotices(sinks: readonly ConfiguredApp[]): readonly Problem[] {
  const slack = sinks.filter((sink) => sink.type === slackSink && !paramsOf(sink).hide_buttons);
  const without = slack.filter((sink) => paramsOf(sink).signing_secret === undefined);
  const unreadable = slack.filter((sink) => isReference(paramsOf(sink).signing_secret ?? ""));
  return [
    ...without.slice(0, 1).map(({ at }) => ({ at, message: withoutSecret(without) })),
    ...unreadable.map(({ at, name }) => ({ at, message: unreadableSecret(name) })),
  ];
}

const withoutSecret = (sinks: readonly ConfiguredApp[]) =>
  `What an action offers to run is shown as a command, not as a button, as there is no \`signing_secret\`: ${sinks.map(({ name }) => name).join(", ")}.`;
const unreadableSecret = (name: string) =>
  `${name} shows no buttons: who answers Slack does not read secrets of the cluster; give \`signing_secret\` as {{ env.NAME }} or {{ file./path }}.`;

/** Why buttons cannot be had where there is no queue: an action may take longer than the three seconds that Slack waits for an answer. */
export function buttonsWithoutQueue(sinks: readonly ConfiguredApp[]): readonly Problem[] {
  return sinks
    .filter((sink) => sink.type === slackSink && paramsOf(sink).signing_secret !== undefined)
    .map(({ name, at }) => ({
      at,
      message: `${name} has a \`signing_secret\`, but buttons need a queue, and here there is none; leave it out, or run a server.`,
    }));
}

function paramsOf({ type, params, written }: ConfiguredApp): z.output<typeof buttonParams> {
  if (type !== slackSink) return {};
  return buttonParams.safeParse(params ?? written).data ?? {};
}

const isReference = (text: string): boolean => /\{\{\s*secret\./.test(text);
