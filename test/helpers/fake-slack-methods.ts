/** What the fake Slack's methods do to its messages and files. https://docs.slack.dev/reference/methods */
import { refusalOf } from "./slack-rules.ts";

export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread?: string;
  /** A reply that the channel sees too. */
  readonly broadcast?: true;
  text: string;
  blocks: readonly unknown[];
  attachments: readonly { readonly color?: string; readonly blocks?: readonly unknown[] }[];
  metadata: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> } | undefined;
  edits: number;
}

export interface FakeFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  bytes: Buffer | undefined;
  /** Where it was shared; absent until then. */
  shared?: { readonly channel: string; readonly thread: string | undefined };
}

export type Channels = Readonly<Record<string, { readonly invited?: boolean; readonly archived?: boolean }>>;

export type Arguments = Readonly<Record<string, unknown>>;
export type Answer = Readonly<Record<string, unknown>>;

export class SlackRefusal extends Error {
  readonly answer: Answer;
  constructor(error: string, more: Answer = {}) {
    super(error);
    this.answer = { ok: false, error, ...more };
  }
}

export const uploadPath = (id: string): string => `/upload/v1/${id}-with-a-secret`;

export function createWorkspace(channels: Channels, scopes: readonly string[]) {
  const messages: FakeMessage[] = [];
  const files: FakeFile[] = [];
  const names = Object.keys(channels);
  const idOf = (name: string) => `C${String(names.indexOf(name)).padStart(9, "0")}`;
  let clock = Math.floor(Date.now() / 1_000);
  return {
    messages,
    files,
    names,
    idOf,
    nextTs(): string {
      clock += 1;
      return `${clock}.000100`;
    },
    /** By id; by name too, where Slack takes names. */
    channel(given: unknown, byName: boolean): string {
      const name = names.find(
        (known) => idOf(known) === given || (byName && (known === given || `#${known}` === given)),
      );
      const channel = name === undefined ? undefined : channels[name];
      if (name === undefined || channel === undefined) throw new SlackRefusal("channel_not_found");
      if (channel.archived) throw new SlackRefusal("is_archived");
      if (channel.invited === false) throw new SlackRefusal("not_in_channel");
      return idOf(name);
    },
    need(scope: string) {
      if (!scopes.includes(scope))
        throw new SlackRefusal("missing_scope", { needed: scope, provided: scopes.join(",") });
    },
  };
}

export type Workspace = ReturnType<typeof createWorkspace>;

export function createMethods(
  space: Workspace,
  url: () => string,
): Readonly<Record<string, (given: Arguments) => Answer>> {
  const find = (channel: string, ts: unknown) =>
    space.messages.find((message) => message.channel === channel && message.ts === ts);
  return {
    "auth.test": () => ({ url: "https://test.slack.com/", team: "test", user: "cortado", bot_id: "B000000001" }),

    "chat.postMessage"(given) {
      space.need("chat:write");
      onlyKnown(given, [
        "channel",
        "text",
        "blocks",
        "attachments",
        "metadata",
        "thread_ts",
        "reply_broadcast",
        "unfurl_links",
        "unfurl_media",
      ]);
      const channel = space.channel(given.channel, true);
      const thread = given.thread_ts;
      const parent = find(channel, thread);
      // The parent of a thread is never itself a reply.
      const threads = parent !== undefined && parent.thread === undefined;
      if (thread !== undefined && !threads) throw new SlackRefusal("thread_not_found");
      const broadcast = broadcastOf(given);
      const message = {
        channel,
        ts: space.nextTs(),
        ...content(given),
        edits: 0,
        ...(thread === undefined ? {} : { thread: String(thread) }),
        ...(broadcast ? { broadcast } : {}),
      };
      space.messages.push(message);
      return { channel, ts: message.ts };
    },

    "chat.update"(given) {
      space.need("chat:write");
      onlyKnown(given, ["channel", "ts", "text", "blocks", "attachments", "metadata"]);
      const channel = space.channel(given.channel, false);
      const message = find(channel, given.ts);
      if (message === undefined) throw new SlackRefusal("message_not_found");
      Object.assign(message, content(given));
      message.edits += 1;
      return { channel, ts: message.ts, text: message.text };
    },

    "conversations.history"(given) {
      space.need("channels:history");
      const channel = space.channel(given.channel, false);
      const limit = Number(given.limit ?? 100);
      if (!(limit >= 1 && limit <= 999)) throw new SlackRefusal("invalid_limit");
      const withMetadata = given.include_all_metadata === "true";
      const found = space.messages.filter((message) => message.channel === channel && isInChannel(message));
      return {
        messages: found
          .reverse()
          .slice(0, limit)
          .map(({ metadata, ts, text }) => ({ ts, text, ...(withMetadata ? { metadata } : {}) })),
        has_more: found.length > limit,
      };
    },

    "conversations.replies"(given) {
      space.need("channels:history");
      const channel = space.channel(given.channel, false);
      const thread = String(given.ts);
      if (find(channel, thread) === undefined) throw new SlackRefusal("thread_not_found");
      const withMetadata = given.include_all_metadata === "true";
      const found = space.messages.filter(({ ts, thread: of }) => ts === thread || of === thread);
      const from = Number(given.cursor ?? 0);
      const limit = Math.min(Number(given.limit ?? 1_000), 3);
      const next = from + limit < found.length ? String(from + limit) : "";
      return {
        messages: found
          .slice(from, from + limit)
          .map(({ metadata, ts, text }) => ({ ts, text, ...(withMetadata ? { metadata } : {}) })),
        has_more: next !== "",
        response_metadata: { next_cursor: next },
      };
    },

    "conversations.list"() {
      space.need("channels:read");
      return {
        channels: space.names.map((name) => ({ id: space.idOf(name), name })),
        response_metadata: { next_cursor: "" },
      };
    },

    "files.getUploadURLExternal"(given) {
      space.need("files:write");
      onlyKnown(given, ["filename", "length", "alt_txt", "snippet_type"]);
      const { filename, length } = given;
      if (typeof filename !== "string" || filename === "" || filename.length > 255)
        throw new SlackRefusal("invalid_arguments");
      if (!/^[1-9]\d*$/.test(String(length))) throw new SlackRefusal("invalid_arguments");
      const file: FakeFile = {
        id: `F${space.files.length + 1}`,
        name: filename,
        length: Number(length),
        bytes: undefined,
      };
      space.files.push(file);
      return { upload_url: new URL(uploadPath(file.id), url()).href, file_id: file.id };
    },

    "files.completeUploadExternal"(given) {
      space.need("files:write");
      onlyKnown(given, ["files", "channel_id", "thread_ts", "initial_comment"]);
      const channel = space.channel(given.channel_id, false);
      const thread = given.thread_ts === undefined ? undefined : String(given.thread_ts);
      const parent = find(channel, thread);
      const threads = parent !== undefined && parent.thread === undefined;
      if (thread !== undefined && !threads) throw new SlackRefusal("thread_not_found");
      const wanted = Array.isArray(given.files) ? given.files : [];
      if (wanted.length === 0) throw new SlackRefusal("invalid_arguments");
      for (const { id } of wanted) {
        const file = space.files.find((known) => known.id === id);
        if (file?.bytes === undefined) throw new SlackRefusal("file_not_found");
        file.shared = { channel, thread };
      }
      return { files: wanted };
    },
  };
}

/** What a channel shows: threads are folded away, but for replies that were broadcast. */
const isInChannel = ({ thread, broadcast }: FakeMessage) => thread === undefined || broadcast === true;

/** Only a reply can be broadcast. */
function broadcastOf({ reply_broadcast: given, thread_ts: thread }: Arguments): true | undefined {
  if (given === undefined || given === "false" || given === false) return;
  if ((given === "true" || given === true) && thread !== undefined) return true;
  throw new SlackRefusal("invalid_arguments", { response_metadata: { messages: ["reply_broadcast"] } });
}

function onlyKnown(given: Arguments, known: readonly string[]): void {
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new SlackRefusal("invalid_arguments", { response_metadata: { messages: unknown } });
}

function content(given: Arguments): Pick<FakeMessage, "text" | "blocks" | "attachments" | "metadata"> {
  const refusal = refusalOf(given);
  if (refusal !== undefined)
    throw new SlackRefusal(refusal.error, { response_metadata: { messages: refusal.messages } });
  const { text = "", blocks = [], attachments = [] } = given;
  return {
    text: String(text),
    blocks: Array.isArray(blocks) ? blocks : [],
    attachments: Array.isArray(attachments) ? attachments : [],
    metadata: metadataOf(given.metadata),
  };
}

function metadataOf(value: unknown): FakeMessage["metadata"] {
  if (value === undefined) return;
  const { event_type, event_payload } = Object(value);
  if (
    typeof event_type !== "string" ||
    event_type === "" ||
    typeof event_payload !== "object" ||
    event_payload === null
  ) {
    throw new SlackRefusal("invalid_metadata_format");
  }
  return { event_type, event_payload };
}
