/**
 * What a button carries: the action that it runs, sealed with a key that is derived from the app's signing secret, so that nobody can
 * read, change or invent one. Nothing is kept of a button until it is pressed.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import * as z from "zod";
import type { MessageKey } from "../delivery.ts";
import type { CallbackChoice } from "../findings/blocks.ts";

export interface Offer extends Pick<CallbackChoice, "action" | "params" | "target"> {
  /** The message that it is in. */
  readonly message: MessageKey;
  /** Names it within its message. */
  readonly button: string;
  /** Until when it can be pressed, in milliseconds since the epoch. */
  readonly expires: number;
}

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const maxValue = 2_000;

const version = "c1.";
const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

const offerSchema = z.object({
  action: z.string(),
  params: z.record(z.string(), z.json()),
  target: z.object({ kind: z.string(), name: z.string(), namespace: z.string().exactOptional() }).exactOptional(),
  message: z.object({
    cluster: z.string(),
    key: z.string(),
    episode: z.string(),
    sink: z.string(),
    part: z.string(),
  }),
  button: z.string(),
  expires: z.number(),
});

/** Undefined where it is longer than a button's value may be. */
export function sealOffer(signingSecret: string, offer: Offer): string | undefined {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, keyOf(signingSecret), nonce);
  const sealed = [nonce, sealing.update(JSON.stringify(offer)), sealing.final(), sealing.getAuthTag()];
  const value = version + Buffer.concat(sealed).toString("base64url");
  return value.length > maxValue ? undefined : value;
}

/** Undefined where the value was not sealed with this secret, or is not as it was. */
export function openOffer(signingSecret: string, value: string): Offer | undefined {
  if (!value.startsWith(version)) return undefined;
  const bytes = Buffer.from(value.slice(version.length), "base64url");
  if (bytes.length <= nonceBytes + tagBytes) return undefined;
  const opening = createDecipheriv(cipher, keyOf(signingSecret), bytes.subarray(0, nonceBytes));
  opening.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const text = Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()]);
    return offerSchema.parse(JSON.parse(text.toString()));
  } catch {
    return undefined;
  }
}

const keyOf = (signingSecret: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", signingSecret, "", "cortado: buttons of Slack messages", 32));
