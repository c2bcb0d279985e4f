/** A message's files, and what else goes into its thread. */
import type { Finding } from "../findings/finding.ts";
import type { SinkContext } from "./sink.ts";
import type { Place, Slack, UploadedFile } from "./slack-api.ts";
import { toSinkError } from "./slack-errors.ts";
import { context as contextBlock, type SlackBlock, type SlackFile } from "./slack-message.ts";
import { renderReply } from "./slack-render.ts";
import { escapeText, fitMarkdown } from "./slack-text.ts";

/** Uploads before the message is posted, so that the message can say what is missing: a file is never worth losing the message. */
export async function uploadFiles(slack: Slack, files: readonly SlackFile[], signal: AbortSignal) {
  const uploaded: UploadedFile[] = [];
  const failed: string[] = [];
  let reason = "";
  for (const file of files) {
    try {
      uploaded.push(await slack.upload(file));
    } catch (error) {
      if (signal.aborted) throw toSinkError(error, "files.getUploadURLExternal");
      reason = toSinkError(error, "files.getUploadURLExternal").message;
      failed.push(file.name);
    }
  }
  return { uploaded, notes: failed.length === 0 ? [] : [notAttached(failed, reason)] };
}

const notAttached = (names: readonly string[], reason: string): SlackBlock =>
  contextBlock(
    fitMarkdown(
      `Not attached: ${names.map((name) => `\`${escapeText(name)}\``).join(", ")}. ${escapeText(reason)}`,
      300,
    ),
  );

/** The message is posted, so what fails now is told in its thread: to fail would post it again. */
export async function shareFiles(slack: Slack, files: readonly UploadedFile[], place: Place): Promise<void> {
  if (files.length === 0) return;
  try {
    await slack.share(files, place);
  } catch (error) {
    const reason = toSinkError(error, "files.completeUploadExternal").message;
    const note = notAttached(
      files.map(({ title }) => title),
      reason,
    );
    await slack.reply(place, "Files could not be attached.", [note]).catch(() => undefined);
  }
}

/** What was found when it resolved goes into the thread. */
export async function replyInThread(
  slack: Slack,
  place: Place,
  { enrichments }: Finding,
  options: { readonly maxFileBytes: number },
  { signal }: SinkContext,
): Promise<void> {
  const { blocks, files } = renderReply(enrichments, options);
  const { uploaded, notes } = await uploadFiles(slack, files, signal);
  const shown = [...blocks, ...notes];
  if (shown.length > 0) {
    await slack.reply(place, "What was found when it resolved", shown).catch((error: unknown) => {
      throw toSinkError(error, "chat.postMessage");
    });
  }
  await shareFiles(slack, uploaded, place);
}
