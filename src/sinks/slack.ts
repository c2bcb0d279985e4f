/** The Slack sink: one message for each finding, its files in the thread, edited when the alert resolves. */
import * as z from "zod";
import type { Finding } from "../findings/finding.ts";
import type { Buttons, MessageAddress, Sink, SinkContext } from "./sink.ts";
import { editedSinkParamsShape, notYet, onlyValue } from "./sink-params.ts";
import { fromAddress, toAddress } from "./slack-address.ts";
import { openSlack, type Slack } from "./slack-api.ts";
import { buttonMaker, withAnswer } from "./slack-buttons.ts";
import { channelTemplateProblem, overriddenChannel } from "./slack-channel.ts";
import { isChannelProblem, isGone, slackCode, toSinkError } from "./slack-errors.ts";
import { replyInThread, shareFiles, uploadFiles } from "./slack-files.ts";
import { maxButtonText } from "./slack-limits.ts";
import { context as contextBlock, type SlackBlock } from "./slack-message.ts";
import { renderBody, toMessage } from "./slack-render.ts";
import { escapeText, fitMarkdown, oneLine } from "./slack-text.ts";

const noHolmes = "There is no Holmes here.";

export const slackParams = z.strictObject({
  ...editedSinkParamsShape,
  slack_channel: z
    .string()
    .regex(/^#?\S+$/, { error: "A channel is its name or its id, without spaces." })
    .describe("The channel's name or id. The app has to be invited to it."),
  api_key: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: "This is no token: tokens have no spaces and no line breaks." })
    .describe(
      "The app's bot token (`xoxb-…`), with the scopes chat:write, files:write and, to find lost messages, channels:history.",
    ),
  channel_override: z
    .string()
    .superRefine((template, issues) => {
      const message = channelTemplateProblem(template);
      if (message !== undefined) issues.addIssue({ code: "custom", message });
    })
    .optional()
    .describe(
      "Where the channel depends on the finding: `labels.x`, `annotations.x`, `cluster_name`, or a text with `$cluster_name` in it, the others in braces after a dollar sign. Where one is missing, slack_channel.",
    ),
  max_log_file_limit_kb: z
    .int()
    .min(1)
    .default(1_000)
    .describe("How much of a text file is uploaded, in 1,000 bytes; the oldest lines are left out."),
  investigate_link: onlyValue(false, "There is no page to investigate on."),
  disable_holmes_note: onlyValue(true, noHolmes),
  slack_custom_templates: notYet("Templates are not available yet."),
  signing_secret: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: "This is no signing secret: it has no spaces and no line breaks." })
    .optional()
    .describe(
      "The app's signing secret. With it, what an action offers to run is a button, good once and for 24 hours; Slack has to send interactivity to `/webhooks/slack`. Without it, the command to run.",
    ),
  button_users: z
    .array(z.string().regex(/^[UW][A-Z0-9]+$/, { error: "Users are named by their ids, as in U012AB3CD." }))
    .min(1)
    .optional()
    .describe("The ids of the users who may press buttons; default everybody who sees the message."),
  hide_buttons: z.boolean().default(false).describe("Shows commands also where there could be buttons."),
  hide_enrichments: onlyValue(false, "Enrichments cannot be hidden yet; route by `scope`."),
});

type SlackParams = z.output<typeof slackParams>;

export interface SlackServices {
  /** Where Slack's API is, for tests; else Slack's own. */
  readonly slackApiUrl?: string | undefined;
  /** Absent where there are no buttons. */
  readonly buttons?: Buttons | undefined;
}

export function createSlackSink(params: SlackParams, { slackApiUrl, buttons }: SlackServices): Sink {
  const maxFileBytes = params.max_log_file_limit_kb * 1_000;
  const button = ({ message }: Pick<SinkContext, "message">) => {
    const { name: sink, signing_secret: signingSecret } = params;
    if (buttons === undefined || signingSecret === undefined || message === undefined || params.hide_buttons) return;
    return buttonMaker({ sink, signingSecret, message, buttons });
  };
  const open = (signal: AbortSignal) => openSlack({ token: params.api_key, slackApiUrl }, signal);
  /** The ids of channels that are configured by name, as Slack told them: history is asked for by id only. */
  const channelIds = new Map<string, string>();

  return {
    name: params.name,
    type: "slack_sink",

    async post(finding, context) {
      const slack = await open(context.signal);
      const { possiblyRepeated } = context;
      const body = renderBody(finding, { maxFileBytes, possiblyRepeated, button: button(context) });
      const { uploaded, notes } = await uploadFiles(slack, body, context.signal);
      const posting = { slack, finding, id: context.messageId, params };
      const shown = [...body.blocks, ...notes];
      const beneath = await postBeneath(posting, shown, context.beneath);
      const posted = beneath ?? (await postToChannel(posting, shown));
      if (beneath === undefined) channelIds.set(posted.asked, posted.place.channel);
      await shareFiles(slack, uploaded, posted.place);
      return toAddress(posted.place, finding, finding, posted.blocks);
    },

    async update(address, finding, context) {
      const slack = await open(context.signal);
      const { place, head, blocks, replied } = fromAddress(address);
      try {
        await slack.update(place, toMessage(head, finding, blocks), context.messageId);
      } catch (error) {
        if (isGone(error)) return "gone";
        throw toSinkError(error, "chat.update");
      }
      if (!replied)
        await replyInThread(slack, place, "What was found when it resolved", finding, { maxFileBytes }, context);
      return toAddress(place, head, finding, blocks, true);
    },

    async answer(address, press, found, context) {
      const slack = await open(context.signal);
      const { place, head, status, blocks, replied } = fromAddress(address);
      const answered = withAnswer(blocks, press);
      if (answered === undefined) return address;
      try {
        await slack.update(place, toMessage(head, status, answered), context.messageId);
      } catch (error) {
        if (isGone(error)) return "gone";
        throw toSinkError(error, "chat.update");
      }
      await replyInThread(
        slack,
        place,
        `What came of ${oneLine(press.text, maxButtonText)}`,
        found,
        { maxFileBytes },
        context,
      );
      return { ...address, ...toAddress(place, head, status, answered, replied) };
    },

    /** Never edited, so its address keeps nothing of what it shows. */
    async reply(address, finding, context) {
      const slack = await open(context.signal);
      const { place } = fromAddress(address);
      const body = renderBody(finding, { maxFileBytes, possiblyRepeated: context.possiblyRepeated });
      const { uploaded, notes } = await uploadFiles(slack, body, context.signal);
      const message = toMessage(finding, finding, [...body.blocks, ...notes]);
      const posted = await slack.broadcast(place, message, context.messageId).catch((error: unknown) => {
        if (isGone(error)) return "gone" as const;
        throw toSinkError(error, "chat.postMessage");
      });
      if (posted !== "gone") await shareFiles(slack, uploaded, place);
      return posted === "gone" ? posted : { ...posted };
    },

    /** Without the files of what has no room: they would be uploaded anew every time. */
    async rewrite(address, finding, context) {
      const slack = await open(context.signal);
      const { place } = fromAddress(address);
      const { blocks } = renderBody(finding, { maxFileBytes, button: button(context) });
      try {
        await slack.update(place, toMessage(finding, finding, blocks), context.messageId);
      } catch (error) {
        if (isGone(error)) return "gone";
        throw toSinkError(error, "chat.update");
      }
      return toAddress(place, finding, finding, blocks);
    },

    async find(context, finding) {
      const slack = await open(context.signal);
      const asked = channelOf(params, finding);
      const looking =
        context.beneath === undefined
          ? slack.find(channelIds.get(asked) ?? asked, context.messageId)
          : slack.findReply(fromAddress(context.beneath).place, context.messageId);
      const place = await looking.catch(cannotTell);
      if (place === undefined || place === "absent") return place;
      const { blocks } = renderBody(finding, { maxFileBytes, button: button(context) });
      return toAddress(place, finding, finding, blocks);
    },
  };
}

const channelOf = (params: SlackParams, finding: Finding): string =>
  (params.channel_override && overriddenChannel(params.channel_override, finding)) || params.slack_channel;

interface Posting {
  readonly slack: Slack;
  readonly finding: Finding;
  readonly id: string;
  readonly params: SlackParams;
}

/** Posts in a message's thread; undefined where there is no such thread any more, or none is asked for. */
async function postBeneath(
  { slack, finding, id }: Posting,
  blocks: readonly SlackBlock[],
  above: MessageAddress | undefined,
) {
  if (above === undefined) return;
  const { channel, ts } = fromAddress(above).place;
  try {
    return { asked: channel, place: await slack.post(channel, toMessage(finding, finding, blocks), id, ts), blocks };
  } catch (error) {
    if (isGone(error)) return;
    throw toSinkError(error, "chat.postMessage");
  }
}

/** Posts to the finding's channel; to the sink's own where that one does not exist or has not invited the app. */
async function postToChannel({ slack, finding, id, params }: Posting, blocks: readonly SlackBlock[]) {
  const post = async (asked: string, shown: readonly SlackBlock[]) => {
    const place = await slack.post(asked, toMessage(finding, finding, shown), id);
    return { asked, place, blocks: shown };
  };
  const asked = channelOf(params, finding);
  try {
    return await post(asked, blocks);
  } catch (error) {
    if (asked === params.slack_channel || !isChannelProblem(error)) throw toSinkError(error, "chat.postMessage");
    const note = `_This was meant for_ ${fitMarkdown(escapeText(asked), 100)}_:_ ${slackCode(error)}`;
    return await post(params.slack_channel, [...blocks, contextBlock(note)]).catch((second: unknown) => {
      throw toSinkError(second, "chat.postMessage");
    });
  }
}

/** Without the scope, or without the channel's id, nobody can tell. */
function cannotTell(error: unknown): undefined {
  const failure = toSinkError(error, "conversations.history");
  if (failure.retryable) throw failure;
}
