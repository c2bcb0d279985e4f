/**
 * A delivery: one thing that arrived, normalised. It is the unit of queueing, of ordering and of notification, and travels through
 * queues as the JSON of these types.
 */
import type { Json } from "./findings/blocks.ts";
import type { Finding } from "./findings/finding.ts";
import type { KubernetesObject } from "./kubernetes/objects.ts";

interface DeliveryBase {
  /** Names the delivery: two copies of one thing (a retry, a redelivery) have the same id. */
  readonly id: string;
  /** What is worked one at a time, within the cluster: `alert#<fingerprint>`, `object#<uid>`, … */
  readonly key: string;
  /** The cluster it is about, set by the receiver and never changed. */
  readonly cluster: string;
  /** When it was accepted, in milliseconds since the epoch. */
  readonly acceptedAt: number;
}

export interface Alert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; absent where the sender gave none. */
  readonly startsAt?: number;
  /** Absent while it fires. */
  readonly endsAt?: number;
  readonly generatorUrl?: string;
  /** 16 hex digits, over the labels as received. */
  readonly fingerprint: string;
}

/** One state change of an alert episode. */
export interface AlertDelivery extends DeliveryBase {
  readonly kind: "alert";
  readonly alert: Alert;
  /** Where Alertmanager's own pages are. */
  readonly externalUrl?: string;
}

export type Operation = "create" | "update" | "delete";

/** One version of one object. */
export interface ChangeDelivery extends DeliveryBase {
  readonly kind: "change";
  readonly operation: Operation;
  readonly object: KubernetesObject;
  /** The version before; only on updates, and only where the sender knew it. */
  readonly oldObject?: KubernetesObject;
}

/** Somebody's wish to have one action run, on an object or on none. Its id is that of its run, a ulid. */
export interface InvocationDelivery extends DeliveryBase {
  readonly kind: "invocation";
  readonly action: string;
  /** As the caller gave them. */
  readonly params: Readonly<Record<string, Json>>;
  readonly target?: Target;
  /** Names of sinks; absent: every sink with `default: true`. The caller is answered in any case. */
  readonly sinks?: readonly string[];
  /** Where it may touch objects; absent: everywhere. */
  readonly namespaces?: readonly string[];
  /** Whether nothing may be changed and nobody told: what would be is in the record of the run. Absent: no. */
  readonly dryRun?: boolean;
  /** Who wished it: the name of a token, or of a user of Slack. */
  readonly caller: string;
  /** The button that was pressed for it; its message shows what comes of it. */
  readonly pressed?: PressedButton;
}

/** A button of a message, and who pressed it. */
export interface PressedButton {
  readonly message: MessageKey;
  /** Names the button within its message. */
  readonly button: string;
  /** What stood on it. */
  readonly text: string;
  readonly user: { readonly id: string; readonly name: string };
}

/** An object by its name. */
export interface Target {
  /** As the API has it: `Pod`. */
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** What a sink is told by itself: a finding that it did not take, or what came of a button. Only the sink is tried again, never the actions. */
export interface NotifyDelivery extends DeliveryBase {
  readonly kind: "notify";
  readonly sink: string;
  readonly message: MessageKey;
  readonly finding: Finding;
  /** What came of a button of the message, which is to show it; absent: the finding is told. */
  readonly pressed?: PressResult;
}

export interface PressResult extends Omit<PressedButton, "message"> {
  readonly run: string;
  readonly outcome: "running" | "done" | "failed";
  /** Why it failed. */
  readonly reason?: string;
}

/** What is matched and worked. */
export type IncomingDelivery = AlertDelivery | ChangeDelivery | InvocationDelivery;

export type Delivery = IncomingDelivery | NotifyDelivery;

/** Names one message at one sink: edited, never doubled. */
export interface MessageKey {
  readonly cluster: string;
  /** The key of what it is about, as in the delivery. */
  readonly key: string;
  /** The episode of the alert, else the delivery's id. */
  readonly episode: string;
  readonly sink: string;
  /**
   * `default` for the event's own finding, `<aggregation key>#<n>` for each added one; with `~<n>` behind it for the nth repeat of an
   * alert that fires on, and with `~resolved` where the sink cannot edit and the resolution is a message of its own.
   */
  readonly part: string;
}
