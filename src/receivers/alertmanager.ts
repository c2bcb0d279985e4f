/**
 * Alertmanager's webhook, all versions of its payload.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
import * as z from "zod";
import type { AlertDelivery } from "../delivery.ts";
import { BadRequestError, ForbiddenError } from "../errors.ts";
import { fingerprintOf, isFingerprint } from "./fingerprint.ts";
import type { Quarantined, Received, Receiver, ReceiverContext, RelabelRule } from "./receiver.ts";

type Labels = Readonly<Record<string, string>>;

// Ten times faster than z.record, and alerts are mostly labels.
const labels = z.custom<Labels>(isStringMap, "must be an object whose values are strings");

function isStringMap(value: unknown): value is Labels {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  for (const item of Object.values(value)) if (typeof item !== "string") return false;
  return true;
}

const alertSchema = z.object({
  status: z.enum(["firing", "resolved"]),
  labels,
  annotations: labels.default({}),
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().optional(),
});

const envelope = z.object({ alerts: z.array(z.unknown()), externalURL: z.string().optional().catch(undefined) });

export const alertmanager: Receiver = {
  name: "alertmanager",
  paths: ["/webhooks/alertmanager", "/api/alerts"],
  answer: { success: true },
  parse(body, context): Received {
    const parsed = envelope.safeParse(body);
    if (!parsed.success) {
      throw new BadRequestError(
        'the body is not an Alertmanager webhook: it must be a JSON object with a list "alerts" (a receiver with a custom "payload" cannot be read)',
      );
    }
    const deliveries: AlertDelivery[] = [];
    const quarantined: Quarantined[] = [];
    for (const [index, item] of parsed.data.alerts.entries()) {
      const alert = readAlert(item, parsed.data.externalURL, context);
      if (typeof alert === "string") quarantined.push({ at: `alerts[${index}]`, reason: alert });
      else deliveries.push(alert);
    }
    return { deliveries, quarantined };
  },
};

/** The delivery, or the reason why there is none. */
function readAlert(item: unknown, externalUrl: string | undefined, context: ReceiverContext): AlertDelivery | string {
  const parsed = alertSchema.safeParse(item);
  if (!parsed.success) return z.prettifyError(parsed.error).replaceAll("\n", " ");
  const { status, labels: received, annotations, generatorURL, fingerprint: sent } = parsed.data;
  const startsAt = timeOf(parsed.data.startsAt);
  const endsAt = status === "resolved" ? timeOf(parsed.data.endsAt) : undefined;
  const fingerprint = isFingerprint(sent) ? sent : fingerprintOf(received);
  let cluster: string;
  try {
    cluster = context.clusterOf(received);
  } catch (error) {
    if (error instanceof ForbiddenError) return error.message;
    throw error;
  }
  return {
    kind: "alert",
    id: [status, startsAt ?? "", ...(endsAt === undefined ? [] : [endsAt])].join(":"),
    key: `alert#${fingerprint}`,
    cluster,
    acceptedAt: context.acceptedAt,
    alert: {
      status,
      labels: relabel(received, context.relabel),
      annotations,
      fingerprint,
      ...(startsAt === undefined ? {} : { startsAt }),
      ...(endsAt === undefined ? {} : { endsAt }),
      ...(generatorURL === undefined ? {} : { generatorUrl: generatorURL }),
    },
    ...(externalUrl === undefined ? {} : { externalUrl }),
  };
}

/** Milliseconds; undefined for Go's zero time, which stands for "none", and for what is no time at all. */
function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) || time <= 0 ? undefined : time;
}

function relabel(received: Labels, rules: readonly RelabelRule[]): Labels {
  if (rules.length === 0) return received;
  const result = new Map(Object.entries(received));
  for (const { source, target, operation } of rules) {
    const value = result.get(source);
    if (value === undefined) continue;
    result.set(target, value);
    if (operation === "replace") result.delete(source);
  }
  return Object.fromEntries(result);
}
