/** Every type of sink, by the name that configurations use. */
import type * as z from "zod";
import { consoleParams, createConsoleSink } from "./console.ts";
import { createFileSink, fileParams } from "./file.ts";
import type { Buttons, Sink } from "./sink.ts";
import type { SinkParams } from "./sink-params.ts";
import { createSlackSink, slackParams } from "./slack.ts";
import { createWebhookSink, webhookParams } from "./webhook.ts";

/** What sinks get from the process they run in. */
export interface SinkServices {
  readonly stdout: NodeJS.WritableStream;
  /** Where Slack's API is, for tests; else Slack's own. */
  readonly slackApiUrl?: string | undefined;
  /** Which choices may be buttons; absent where nobody answers them. */
  readonly buttons?: Buttons | undefined;
}

interface SinkTypeDefinition<P extends z.ZodType<SinkParams>> {
  readonly type: string;
  readonly description: string;
  /** Whether its messages are edited and replied to, as `update` and `reply` of its sinks do. */
  readonly edits: boolean;
  readonly params: P;
  readonly create: (params: z.output<P>, services: SinkServices) => Sink;
}

/** Any type of sink. */
export interface SinkType {
  /** As in the configuration: `slack_sink`. */
  readonly type: string;
  readonly description: string;
  /** Whether its messages are edited and replied to. */
  readonly edits: boolean;
  /** A strict object. */
  readonly params: z.ZodType<SinkParams>;
  /** Makes the sink of a configuration's params. Does no I/O. Throws a ZodError where they do not fit. */
  readonly create: (params: unknown, services: SinkServices) => { readonly sink: Sink; readonly params: SinkParams };
}

const sinkType = <P extends z.ZodType<SinkParams>>(definition: SinkTypeDefinition<P>): SinkType => ({
  ...definition,
  create(input, services) {
    const params = definition.params.parse(input);
    return { sink: definition.create(params, services), params };
  },
});

const types = [
  sinkType({
    type: "console_sink",
    description: "Prints findings as text on the standard output.",
    edits: false,
    params: consoleParams,
    create: (params, { stdout }) => createConsoleSink(params, stdout),
  }),
  sinkType({
    type: "file_sink",
    description: "Writes each finding as a line of JSON to a file or to the standard output.",
    edits: false,
    params: fileParams,
    create: (params, { stdout }) => createFileSink(params, stdout),
  }),
  sinkType({
    type: "slack_sink",
    description: "Posts to Slack: one message for each finding, files in its thread, edited when an alert resolves.",
    edits: true,
    params: slackParams,
    create: (params, services) => createSlackSink(params, services),
  }),
  sinkType({
    type: "webhook_sink",
    description: "Posts findings as text or JSON to a URL.",
    edits: false,
    params: webhookParams,
    create: (params) => createWebhookSink(params),
  }),
];

export const sinkTypes: ReadonlyMap<string, SinkType> = new Map(types.map((type) => [type.type, type]));
