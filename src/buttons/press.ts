/** A press of a button: who may, once and in time, and then the action is queued as somebody's wish. */
import { ulid } from "ulid";
import * as z from "zod";
import type { InvocationDelivery } from "../delivery.ts";
import type { Logger } from "../log.ts";
import type { ActionFacts } from "../playbooks/action-facts.ts";
import { queuedRecord, type RunRecord } from "../playbooks/run-record.ts";
import type { Claims, RunStore } from "../state/state.ts";
import { quoted } from "../tools/did-you-mean.ts";
import type { SlackApp } from "./apps.ts";
import { type Offer, openOffer } from "./sealed.ts";
import type { Press } from "./slack-payload.ts";

export interface PressServices {
  /** The hash of the generation that serves. */
  readonly generation: string;
  readonly actions: readonly ActionFacts[];
  /** Where there are any, these alone may be run by hand. */
  readonly lightActions: readonly string[];
  readonly claims: Claims;
  readonly runs: RunStore<RunRecord>;
  /** Throws an UnavailableError where it is not taken over. */
  readonly accept: (deliveries: readonly InvocationDelivery[]) => Promise<unknown>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
}

/** Who pressed first, as the claim on a button keeps it. */
const firstPress = z.object({ run: z.string(), at: z.number(), user: z.object({ id: z.string(), name: z.string() }) });
type FirstPress = z.output<typeof firstPress>;

/** So long a button is known to have been pressed after it has expired. */
const graceSeconds = 3_600;

/**
 * Queues the action of a button. Undefined where it is, else why not: a sentence for who pressed. `apps`: those that the request may come
 * from. Throws an UnavailableError where the table is away; then it may be pressed again.
 */
export async function press(
  pressed: Press,
  apps: readonly SlackApp[],
  services: PressServices,
): Promise<string | undefined> {
  const found = offerOf(pressed, apps);
  const refusal = found === undefined ? unknownButton : refusalOf(found, pressed, services);
  if (found === undefined || refusal !== undefined) {
    const { action, target } = found?.offer ?? {};
    services.log.warn("a button was not answered", { user: pressed.user.id, action, target, reason: refusal });
    return refusal;
  }
  const { offer } = found;
  const now = services.now();
  const own: FirstPress = { run: ulid(now), at: now, user: pressed.user };
  const seconds = Math.ceil((offer.expires - now) / 1_000) + graceSeconds;
  const earlier = await services.claims.claim(claimName(offer), JSON.stringify(own), seconds);
  const first = earlier === undefined ? own : firstPress.parse(JSON.parse(earlier));
  const invocation = invocationOf(offer, pressed, first, now);
  if (first === own) await services.runs.put(queuedRecord(invocation, services.generation));
  // The first press may have got as far as its claim and no further: what is known of this run already is not run again.
  await services.accept([invocation]);
  return first === own ? undefined : pressedBefore(pressed, first);
}

interface Found {
  readonly offer: Offer;
  readonly app: SlackApp;
}

/** The sink that made the button has to be one of those whose app sent the press. */
function offerOf({ value }: Press, apps: readonly SlackApp[]): Found | undefined {
  for (const app of apps) {
    const offer = openOffer(app.signingSecret, value);
    if (offer !== undefined && offer.message.sink === app.sink) return { offer, app };
  }
  return undefined;
}

const unknownButton =
  "This button is none that Cortado can answer: its sink has another name or another signing secret by now.";

function refusalOf({ offer, app }: Found, { user }: Press, services: PressServices): string | undefined {
  const { action: name, expires } = offer;
  if (expires <= services.now()) {
    return `This button could be pressed until ${utc(expires)}. Run ${quoted(name)} by hand instead.`;
  }
  if (app.users !== undefined && !app.users.includes(user.id)) {
    return `You may not press this button: ${quoted("button_users")} of the sink ${app.sink} names who may, and ${user.id} is not there.`;
  }
  const action = services.actions.find((one) => one.name === name);
  if (action === undefined) return `There is no action ${quoted(name)} any more.`;
  if (services.lightActions.length > 0 && !services.lightActions.includes(name)) {
    return `${quoted(name)} may not be run by hand here: it is not among ${quoted("lightActions")}.`;
  }
  return action.neverByHand;
}

const claimName = ({ message, button }: Offer): readonly string[] => {
  const { cluster, key, episode, sink, part } = message;
  return ["button", cluster, key, episode, sink, part, button];
};

function invocationOf(
  { action, params, target, message, button }: Offer,
  { text }: Press,
  { run, user }: FirstPress,
  now: number,
): InvocationDelivery {
  return {
    kind: "invocation",
    id: run,
    key: `invocation#${run}`,
    cluster: message.cluster,
    acceptedAt: now,
    action,
    params,
    ...(target === undefined ? {} : { target }),
    // What comes of it is shown where it was pressed.
    sinks: [],
    caller: `${user.name} (${user.id}) in Slack`,
    pressed: { message, button, text, user },
  };
}

const pressedBefore = ({ user }: Press, first: FirstPress): string =>
  `${user.id === first.user.id ? "You" : `<@${first.user.id}>`} pressed this at ${utc(first.at)} already; it works once.`;

const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
