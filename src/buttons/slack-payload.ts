/** What Slack sends when somebody presses a button. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
import * as z from "zod";
import { BadRequestError } from "../errors.ts";

/** Of every button of ours; an app may have others too. */
export const actionPrefix = "cortado-";

export interface Press {
  /** What the button carries. */
  readonly value: string;
  readonly text: string;
  readonly user: { readonly id: string; readonly name: string };
  /** Where to tell the user something that only they see; good for half an hour. */
  readonly responseUrl: string | undefined;
}

const payloadSchema = z.object({
  type: z.string(),
  user: z.object({ id: z.string(), username: z.string().optional(), name: z.string().optional() }).optional(),
  response_url: z.string().optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().optional(),
        text: z.object({ text: z.string() }).optional(),
      }),
    )
    .optional(),
});

/** The presses of our own buttons; none where it tells of something else. Throws a BadRequestError. */
export function pressesIn(body: string): readonly Press[] {
  const payload = new URLSearchParams(body).get("payload");
  // Slack looks now and then whether somebody answers. https://docs.slack.dev/interactivity/implementing-slash-commands
  if (payload === null && new URLSearchParams(body).has("ssl_check")) return [];
  const read = payloadSchema.safeParse(parseJson(payload ?? ""));
  if (!read.success) throw new BadRequestError("the body has no payload as Slack sends it");
  const { type, user, response_url: responseUrl, actions = [] } = read.data;
  if (type !== "block_actions" || user === undefined) return [];
  const name = user.username ?? user.name ?? user.id;
  return actions
    .filter(({ action_id }) => action_id.startsWith(actionPrefix))
    .map(({ value = "", text }) => ({ value, text: text?.text ?? "", user: { id: user.id, name }, responseUrl }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
