/** The calls of Slack's Web API that the sink makes. */
import { setTimeout as sleep } from "node:timers/promises";
import { SinkError } from "../errors.ts";
import { networkFailure } from "../tools/network-failure.ts";
import type { WebClient } from "./slack-client.ts";
import { toSinkError } from "./slack-errors.ts";
import { eventType, findMessage, findReply } from "./slack-find.ts";
import type { SlackBlock, SlackFile, SlackMessage } from "./slack-message.ts";

export interface SlackApiOptions {
  readonly token: string;
  readonly slackApiUrl?: string | undefined;
}

/** How long Slack may take for an answer, in milliseconds. */
const timeout = 10_000;
/** A pause that Slack asks for is made here up to that long, in seconds; a longer one is the queue's. */
const longestPause = 2;

/** A file that was uploaded and is not shown anywhere yet. */
export interface UploadedFile {
  readonly id: string;
  readonly title: string;
}

export interface Place {
  readonly channel: string;
  readonly ts: string;
  /** Of the message that its thread began with, where it is not the first. */
  readonly thread?: string | undefined;
}

/** Slack for one delivery. Calls throw what the SDK throws; `toSinkError` makes it a SinkError. */
export async function openSlack(options: SlackApiOptions, signal: AbortSignal) {
  const { createSlackClient } = await import("./slack-client.ts");
  const client = createSlackClient({ ...options, timeout, signal });
  const call = <T>(request: () => Promise<T>) => onceMoreAfterPause(request, signal);
  return {
    post: (channel: string, message: SlackMessage, id: string, thread?: string) =>
      call(() => postMessage(client, channel, message, id, thread)),
    reply: (place: Place, text: string, blocks: readonly SlackBlock[]) =>
      call(() => postReply(client, place, text, blocks)),
    broadcast: (place: Place, message: SlackMessage, id: string) =>
      call(() => postBroadcast(client, place, message, id)),
    update: (place: Place, message: SlackMessage, id: string) => call(() => updateMessage(client, place, message, id)),
    find: (channel: string, id: string) => call(() => findMessage(client, channel, id)),
    findReply: (place: Place, id: string) => call(() => findReply(client, place, id)),
    upload: (file: SlackFile) => call(() => upload(client, file, signal)),
    share: (files: readonly UploadedFile[], place: Place) => call(() => share(client, files, place)),
  };
}

export type Slack = Awaited<ReturnType<typeof openSlack>>;

async function onceMoreAfterPause<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const { retryAfterSeconds } = toSinkError(error, "");
    if (retryAfterSeconds === undefined || retryAfterSeconds > longestPause || signal.aborted) throw error;
    await sleep(retryAfterSeconds * 1_000, undefined, { signal }).catch(() => {
      // Interrupted while nothing was under way: what is known is still that Slack refused.
      throw error;
    });
    return await request();
  }
}

const metadata = (id: string) => ({ event_type: eventType, event_payload: { id } });
const written = ({ text, blocks, attachments }: SlackMessage) => ({
  text,
  blocks: [...blocks],
  attachments: attachments.map((attachment) => ({ ...attachment, blocks: [...attachment.blocks] })),
});
const unfurl = { unfurl_links: false, unfurl_media: false } as const;

async function postMessage(
  client: WebClient,
  channel: string,
  message: SlackMessage,
  id: string,
  thread: string | undefined,
): Promise<Place> {
  const within = thread === undefined ? {} : { thread_ts: thread };
  const shown = { ...written(message), metadata: metadata(id), ...unfurl };
  const answer = await client.chat.postMessage({ channel, ...shown, ...within });
  return { channel: answer.channel ?? channel, ts: expected(answer.ts, "chat.postMessage"), thread };
}

/** Slack takes only a thread's first message for its name. https://docs.slack.dev/reference/methods/chat.postMessage#arg_thread_ts */
const threadOf = ({ ts, thread }: Place): string => thread ?? ts;

async function postReply(client: WebClient, place: Place, text: string, blocks: readonly SlackBlock[]) {
  await client.chat.postMessage({
    channel: place.channel,
    thread_ts: threadOf(place),
    text,
    blocks: [...blocks],
    ...unfurl,
  });
}

/** A reply that the channel sees too, as it saw the message. */
async function postBroadcast(client: WebClient, place: Place, message: SlackMessage, id: string) {
  const { channel } = place;
  const thread_ts = threadOf(place);
  const thread = place.thread === undefined ? ({ thread_ts, reply_broadcast: true } as const) : { thread_ts };
  const answer = await client.chat.postMessage({
    channel,
    ...thread,
    ...written(message),
    metadata: metadata(id),
    ...unfurl,
  });
  return { channel, ts: expected(answer.ts, "chat.postMessage") };
}

async function updateMessage(client: WebClient, { channel, ts }: Place, message: SlackMessage, id: string) {
  await client.chat.update({ channel, ts, ...written(message), metadata: metadata(id) });
}

/** The first two of the three steps. https://docs.slack.dev/messaging/working-with-files#upload */
async function upload(client: WebClient, { name, bytes }: SlackFile, signal: AbortSignal): Promise<UploadedFile> {
  const answer = await client.files.getUploadURLExternal({ filename: name, length: bytes.length });
  const url = expected(answer.upload_url, "files.getUploadURLExternal");
  const id = expected(answer.file_id, "files.getUploadURLExternal");
  await sendBytes(url, bytes, signal);
  return { id, title: name };
}

/** The address is itself a credential, so nothing is told of it. */
async function sendBytes(url: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: new Uint8Array(bytes),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
  } catch (error) {
    throw new SinkError(`Slack file upload: ${networkFailure(error).code}`, { retryable: true });
  }
  await response.body?.cancel();
  if (!response.ok) throw new SinkError(`Slack file upload: HTTP ${response.status}`, { retryable: true });
}

/** The third step: the files appear in the thread. */
async function share(client: WebClient, files: readonly UploadedFile[], place: Place): Promise<void> {
  const [first, ...rest] = files.map(({ id, title }) => ({ id, title }));
  if (first === undefined) return;
  await client.files.completeUploadExternal({
    files: [first, ...rest],
    channel_id: place.channel,
    thread_ts: threadOf(place),
  });
}

function expected(value: string | undefined, method: string): string {
  if (value !== undefined) return value;
  throw new SinkError(`Slack ${method}: an answer without what it has to have`, {
    retryable: true,
    outcomeUnknown: true,
  });
}
