/** The calls of Slack's Web API that the sink makes. */
import { setTimeout as sleep } from "node:timers/promises";
import { SinkError } from "../errors.ts";
import { networkFailure } from "./network-failure.ts";
import type { WebClient } from "./slack-client.ts";
import { toSinkError } from "./slack-errors.ts";
import type { SlackBlock, SlackFile, SlackMessage } from "./slack-message.ts";

export interface SlackApiOptions {
  readonly token: string;
  readonly slackApiUrl?: string | undefined;
}

/** How long Slack may take for an answer, in milliseconds. */
const timeout = 10_000;
/** A pause that Slack asks for is made here up to that long, in seconds; a longer one is the queue's. */
const longestPause = 2;
const eventType = "cortado_finding";

/** A file that was uploaded and is not shown anywhere yet. */
export interface UploadedFile {
  readonly id: string;
  readonly title: string;
}

export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** Slack for one delivery. Calls throw what the SDK throws; `toSinkError` makes it a SinkError. */
export async function openSlack(options: SlackApiOptions, signal: AbortSignal) {
  const { createSlackClient } = await import("./slack-client.ts");
  const client = createSlackClient({ ...options, timeout, signal });
  const call = <T>(request: () => Promise<T>) => onceMoreAfterPause(request, signal);
  return {
    post: (channel: string, message: SlackMessage, id: string) => call(() => postMessage(client, channel, message, id)),
    reply: (place: Place, text: string, blocks: readonly SlackBlock[]) =>
      call(() => postReply(client, place, text, blocks)),
    broadcast: (place: Place, message: SlackMessage, id: string) =>
      call(() => postBroadcast(client, place, message, id)),
    update: (place: Place, message: SlackMessage, id: string) => call(() => updateMessage(client, place, message, id)),
    find: (channel: string, id: string) => call(() => findMessage(client, channel, id)),
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

async function postMessage(client: WebClient, channel: string, message: SlackMessage, id: string): Promise<Place> {
  const answer = await client.chat.postMessage({ channel, ...written(message), metadata: metadata(id), ...unfurl });
  return { channel: answer.channel ?? channel, ts: expected(answer.ts, "chat.postMessage") };
}

async function postReply(client: WebClient, { channel, ts }: Place, text: string, blocks: readonly SlackBlock[]) {
  await client.chat.postMessage({ channel, thread_ts: ts, text, blocks: [...blocks], ...unfurl });
}

/** A reply that the channel sees too. */
async function postBroadcast(client: WebClient, { channel, ts }: Place, message: SlackMessage, id: string) {
  const thread = { thread_ts: ts, reply_broadcast: true } as const;
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

/** How far back a lost message is looked for. https://docs.slack.dev/reference/methods/conversations.history */
const historyLimit = 200;
/** Messages are tried again for a day, so a history that goes back further holds every attempt. */
const historySeconds = 25 * 60 * 60;

/** The message that was posted under an id, among the latest of a channel; undefined where these do not go back far enough to tell. */
async function findMessage(client: WebClient, named: string, id: string): Promise<Place | "absent" | undefined> {
  const channel = await channelId(client, named);
  if (channel === undefined) return;
  const { messages = [], has_more } = await client.conversations.history({
    channel,
    limit: historyLimit,
    include_all_metadata: true,
  });
  const isOurs = (metadata: { event_type?: string; event_payload?: object } | undefined) =>
    metadata?.event_type === eventType && Object(metadata.event_payload).id === id;
  const found = messages.find(({ metadata }) => isOurs(metadata));
  if (found?.ts !== undefined) return { channel, ts: found.ts };
  const oldest = Number(messages.at(-1)?.ts ?? Number.POSITIVE_INFINITY);
  return has_more !== true || oldest < Date.now() / 1_000 - historySeconds ? "absent" : undefined;
}

/** Messages are posted to names, but asked for by id. https://docs.slack.dev/reference/methods/conversations.list */
async function channelId(client: WebClient, named: string): Promise<string | undefined> {
  if (/^[CDG][A-Z0-9]{7,}$/.test(named)) return named;
  const name = named.replace(/^#/, "");
  let cursor: string | undefined;
  for (let page = 0; page < 10; page += 1) {
    const answer = await client.conversations.list({
      exclude_archived: true,
      limit: 999,
      types: "public_channel,private_channel",
      ...(cursor === undefined ? {} : { cursor }),
    });
    const found = answer.channels?.find((channel) => channel.name === name)?.id;
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (found !== undefined || cursor === undefined) return found;
  }
  return;
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
async function share(client: WebClient, files: readonly UploadedFile[], { channel, ts }: Place): Promise<void> {
  const [first, ...rest] = files.map(({ id, title }) => ({ id, title }));
  if (first === undefined) return;
  await client.files.completeUploadExternal({ files: [first, ...rest], channel_id: channel, thread_ts: ts });
}

function expected(value: string | undefined, method: string): string {
  if (value !== undefined) return value;
  throw new SinkError(`Slack ${method}: an answer without what it has to have`, {
    retryable: true,
    outcomeUnknown: true,
  });
}
