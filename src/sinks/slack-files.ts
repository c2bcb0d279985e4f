/** A message's files, and what else goes into its thread. */
import { SinkError } from "../errors.ts";
import type { Finding } from "../findings/finding.ts";
import { toPng } from "../graphs/png.ts";
import { toSvg } from "../graphs/svg.ts";
import type { SinkContext } from "./sink.ts";
import type { Place, Slack, UploadedFile } from "./slack-api.ts";
import { toSinkError } from "./slack-errors.ts";
import { context as contextBlock, type SlackBlock, type SlackFile, type SlackGraph } from "./slack-message.ts";
import { renderReply, type SlackBody } from "./slack-render.ts";
import { escapeText, fitMarkdown } from "./slack-text.ts";

/** Draws and uploads before the message is posted, so that the message can say what is missing: a file is never worth losing the message. */
export async function uploadFiles(
  slack: Slack,
  { files, graphs }: Pick<SlackBody, "files" | "graphs">,
  signal: AbortSignal,
) {
  const uploaded: UploadedFile[] = [];
  const failed: string[] = [];
  let reason = "";
  for (const file of [...graphs, ...files]) {
    try {
      uploaded.push(await slack.upload("graph" in file ? await drawn(file) : file));
    } catch (error) {
      if (signal.aborted) throw toSinkError(error, "files.getUploadURLExternal");
      reason = toSinkError(error, "files.getUploadURLExternal").message;
      failed.push(file.name);
    }
  }
  return { uploaded, notes: failed.length === 0 ? [] : [notAttached(failed, reason)] };
}

async function drawn({ name, graph }: SlackGraph): Promise<SlackFile> {
  try {
    return { name, bytes: Buffer.from(await toPng(toSvg(graph))) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SinkError(`The graph could not be drawn: ${reason}`, { retryable: false });
  }
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

/** What was found since the message was posted goes into its thread. */
export async function replyInThread(
  slack: Slack,
  place: Place,
  text: string,
  { enrichments }: Finding,
  options: { readonly maxFileBytes: number },
  { signal }: SinkContext,
): Promise<void> {
  const body = renderReply(enrichments, options);
  const { uploaded, notes } = await uploadFiles(slack, body, signal);
  const shown = [...body.blocks, ...notes];
  if (shown.length > 0) {
    await slack.reply(place, text, shown).catch((error: unknown) => {
      throw toSinkError(error, "chat.postMessage");
    });
  }
  await shareFiles(slack, uploaded, place);
}
