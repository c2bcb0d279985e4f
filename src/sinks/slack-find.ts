/** Looking for a message whose posting had no known outcome, by the name in its metadata. */
import type { Place } from "./slack-api.ts";
import type { WebClient } from "./slack-client.ts";

/** Of the metadata of every message of ours. */
export const eventType = "cortado_finding";

/** How far back a lost message is looked for. https://docs.slack.dev/reference/methods/conversations.history */
const historyLimit = 200;
/** Messages are tried again for a day, so a history that goes back further holds every attempt. */
const historySeconds = 25 * 60 * 60;

/** The message that was posted under an id, among the latest of a channel; undefined where these do not go back far enough to tell. */
export async function findMessage(client: WebClient, named: string, id: string): Promise<Place | "absent" | undefined> {
  const channel = await channelId(client, named);
  if (channel === undefined) return;
  const { messages = [], has_more } = await client.conversations.history({
    channel,
    limit: historyLimit,
    include_all_metadata: true,
  });
  const found = messages.find(({ metadata }) => isNamed(metadata, id));
  if (found?.ts !== undefined) return { channel, ts: found.ts };
  const oldest = Number(messages.at(-1)?.ts ?? Number.POSITIVE_INFINITY);
  return has_more !== true || oldest < Date.now() / 1_000 - historySeconds ? "absent" : undefined;
}

interface Metadata {
  readonly event_type?: string;
  readonly event_payload?: object;
}

const isNamed = (metadata: Metadata | undefined, id: string): boolean =>
  metadata?.event_type === eventType && Object(metadata.event_payload).id === id;

/** The same in a thread, of which all is read. https://docs.slack.dev/reference/methods/conversations.replies */
export async function findReply(
  client: WebClient,
  { channel, ts, thread = ts }: Place,
  id: string,
): Promise<Place | "absent"> {
  let cursor: string | undefined;
  do {
    const answer = await client.conversations.replies({
      channel,
      ts: thread,
      limit: historyLimit,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const found = answer.messages?.find(({ metadata }) => isNamed(metadata, id));
    if (found?.ts !== undefined) return { channel, ts: found.ts, thread };
    cursor = answer.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return "absent";
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
