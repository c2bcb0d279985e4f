/** What Slack refuses in a message, in Slack's own words. https://docs.slack.dev/reference/block-kit/blocks */

/** The least count of characters over all blocks that was seen refused. https://github.com/slackapi/bolt-js/issues/2867 */
const maxTotal = 11_300;
const maxBlocks = 50;

export interface Refusal {
  readonly error: string;
  readonly messages: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Undefined where Slack would take the message. */
export function refusalOf(message: { text?: unknown; blocks?: unknown; attachments?: unknown }): Refusal | undefined {
  const { text = "", blocks = [], attachments = [] } = message;
  if (typeof text !== "string" || !text.isWellFormed())
    return { error: "invalid_arguments", messages: ["[ERROR] text"] };
  if (text.length > 40_000) return { error: "msg_too_long", messages: [] };
  if (!Array.isArray(blocks)) return { error: "invalid_blocks_format", messages: [] };
  if (!Array.isArray(attachments)) return { error: "invalid_attachments", messages: [] };
  if (text === "" && blocks.length === 0 && attachments.length === 0) return { error: "no_text", messages: [] };
  if (attachments.length > 100) return { error: "too_many_attachments", messages: [] };
  const problems = blockProblems(blocks, "/blocks");
  if (problems.length > 0) return { error: "invalid_blocks", messages: problems };
  const attached = attachments.flatMap((attachment, index) => attachmentProblems(attachment, `/attachments/${index}`));
  if (attached.length > 0) return { error: "invalid_attachments", messages: attached };
  const all: unknown[] = [...blocks, ...attachments.flatMap(({ blocks: inside = [] }) => inside)];
  if (all.length > maxBlocks)
    return { error: "invalid_blocks", messages: [said("no more than 50 items allowed", "/blocks")] };
  if (JSON.stringify(all).length > maxTotal) return { error: "msg_blocks_too_long", messages: [] };
  return;
}

const said = (what: string, pointer: string): string => `[ERROR] ${what} [json-pointer:${pointer}]`;

function blockProblems(blocks: readonly unknown[], at: string): string[] {
  const many = blocks.length > maxBlocks ? [said("no more than 50 items allowed", at)] : [];
  return [...many, ...blocks.flatMap((block, index) => blockProblem(fieldsOf(block), `${at}/${index}`))];
}

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? { ...value } : {});

function blockProblem(block: Fields, at: string): string[] {
  switch (block.type) {
    case "header":
      return [
        ...extra(block, ["type", "text", "block_id"], at),
        ...textProblems(block.text, ["plain_text"], 150, `${at}/text`),
      ];
    case "section":
      return [
        ...extra(block, ["type", "text", "block_id", "fields", "accessory", "expand"], at),
        ...textProblems(block.text, ["mrkdwn", "plain_text"], 3_000, `${at}/text`),
      ];
    case "context":
      return [
        ...extra(block, ["type", "elements", "block_id"], at),
        ...elementProblems(block.elements, `${at}/elements`),
      ];
    case "divider":
      return extra(block, ["type", "block_id"], at);
    case "actions":
      return [
        ...extra(block, ["type", "elements", "block_id"], at),
        ...buttonProblems(block.elements, `${at}/elements`),
      ];
    default:
      return [said(`unsupported type: ${String(block.type)}`, `${at}/type`)];
  }
}

const extra = (value: Fields, allowed: readonly string[], at: string): string[] =>
  Object.keys(value)
    .filter((key) => !allowed.includes(key))
    .map((key) => said(`invalid additional property: ${key}`, at));

function elementProblems(elements: unknown, at: string): string[] {
  if (!Array.isArray(elements) || elements.length === 0) return [said("must provide at least one element", at)];
  const many = elements.length > 10 ? [said("no more than 10 items allowed", at)] : [];
  return [
    ...many,
    ...elements.flatMap((element, index) => textProblems(element, ["mrkdwn", "plain_text"], 3_000, `${at}/${index}`)),
  ];
}

/** https://docs.slack.dev/reference/block-kit/blocks/actions-block and /reference/block-kit/block-elements/button-element */
function buttonProblems(elements: unknown, at: string): string[] {
  if (!Array.isArray(elements) || elements.length === 0) return [said("must provide at least one element", at)];
  const buttons = elements.map(fieldsOf);
  const ids = new Set(buttons.map(({ action_id }) => action_id));
  return [
    ...(buttons.length > 25 ? [said("no more than 25 items allowed", at)] : []),
    ...(ids.size < buttons.length ? [said("`action_id` must be unique", at)] : []),
    ...buttons.flatMap((button, index) => buttonProblem(button, `${at}/${index}`)),
  ];
}

function buttonProblem(button: Fields, at: string): string[] {
  const { type, text, action_id, value, style, confirm } = button;
  if (type !== "button") return [said(`unsupported type: ${String(type)}`, `${at}/type`)];
  const problems = [
    ...extra(button, ["type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"], at),
    ...textProblems(text, ["plain_text"], 75, `${at}/text`),
    ...stringProblems(action_id, 255, `${at}/action_id`),
    ...stringProblems(value, 2_000, `${at}/value`),
  ];
  if (style !== undefined && style !== "primary" && style !== "danger") problems.push(said("invalid style", at));
  return confirm === undefined ? problems : [...problems, ...confirmProblems(fieldsOf(confirm), `${at}/confirm`)];
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
const confirmProblems = (confirm: Fields, at: string): string[] => [
  ...extra(confirm, ["title", "text", "confirm", "deny", "style"], at),
  ...textProblems(confirm.title, ["plain_text"], 100, `${at}/title`),
  ...textProblems(confirm.text, ["plain_text", "mrkdwn"], 300, `${at}/text`),
  ...textProblems(confirm.confirm, ["plain_text"], 30, `${at}/confirm`),
  ...textProblems(confirm.deny, ["plain_text"], 30, `${at}/deny`),
];

function stringProblems(value: unknown, max: number, at: string): string[] {
  if (typeof value !== "string") return [said("must be a string", at)];
  return value.length > max ? [said(`must be less than ${max + 1} characters`, at)] : [];
}

function textProblems(value: unknown, types: readonly string[], max: number, at: string): string[] {
  const object = fieldsOf(value);
  const { type, text } = object;
  const allowed = type === "plain_text" ? ["type", "text", "emoji"] : ["type", "text", "verbatim"];
  if (typeof type !== "string" || !types.includes(type))
    return [said(`must be one of ${types.join(", ")}`, `${at}/type`)];
  if (typeof text !== "string") return [said("must be a string", `${at}/text`)];
  if (text.length === 0) return [said("must be more than 0 characters", `${at}/text`)];
  if (text.length > max) return [said(`must be less than ${max + 1} characters`, `${at}/text`)];
  if (!text.isWellFormed()) return [said("must be a string", `${at}/text`)];
  return [...extra(object, allowed, at), ...(type === "mrkdwn" ? mrkdwnProblems(text, at) : [])];
}

/**
 * Slack itself takes these and shows nonsense, or wakes everybody. Nothing that Cortado makes may have them: open fences, brackets that
 * are not Slack's, mass mentions, bare ampersands.
 */
function mrkdwnProblems(text: string, at: string): string[] {
  const problems: string[] = [];
  if ((text.split("```").length - 1) % 2 !== 0) problems.push("unclosed code fence");
  const rest = text
    .replace(/<(?:https?:\/\/|mailto:|@[UW]|#C|!date\^)[^<>\n]*>|<!subteam\^S[A-Z0-9]{7,}>/g, "")
    .replace(/^>+/gm, "");
  if (/[<>]/.test(rest)) problems.push("a bracket that is none of Slack's");
  if (/&(?!(?:amp|lt|gt);)/.test(rest)) problems.push("a broken entity");
  if (/<!(?:channel|here|everyone|subteam)/i.test(rest)) problems.push("a mass mention");
  return problems.map((problem) => said(problem, at));
}

function attachmentProblems(value: unknown, at: string): string[] {
  const attachment = fieldsOf(value);
  const { color, blocks = [], fallback = "" } = attachment;
  if (typeof color === "string" && !/^(?:#[0-9a-f]{6}|good|warning|danger)$/i.test(color))
    return [said("invalid color", at)];
  if (typeof fallback !== "string" || fallback.length > 3_000) return [said("invalid fallback", at)];
  if (!Array.isArray(blocks)) return [said("invalid blocks", at)];
  return [...extra(attachment, ["color", "blocks", "fallback"], at), ...blockProblems(blocks, `${at}/blocks`)];
}
