/** Defining an action, and a playbook in TypeScript. */
import * as z from "zod";
import type { EventClass } from "../events/event-class.ts";
import type { Logger } from "../log.ts";
import type { PrometheusParams } from "../prometheus/params.ts";
import type { Prometheus } from "../prometheus/prometheus.ts";
import type { RateLimiter } from "../state/state.ts";

const kAction = Symbol.for("cortado.action");

/** What the runtime lends to an action. */
export interface ActionContext {
  /** Aborts at the action's deadline, when the alert resolved meanwhile, or shortly before the platform stops the process. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly rateLimiter: RateLimiter;
  /** The cluster's name in Cortado's configuration. */
  readonly clusterName: string;
  /**
   * Whether nothing may be changed. The event's cluster sees to that by itself; what an action does elsewhere, over HTTP for instance, it
   * must leave out itself.
   */
  readonly dryRun: boolean;
  /**
   * The Prometheus of these params; without a URL in them, the one that is found in the event's cluster. Throws a PrometheusError where
   * there is none.
   */
  readonly prometheus: (params?: PrometheusParams) => Promise<Prometheus>;
}

/** What an action does to the world: nothing, something that can be done again, something that cannot be taken back. */
export const effects = ["read", "change", "destroy"] as const;
export type Effects = (typeof effects)[number];

/** A rule as in a Kubernetes Role. */
export interface PermissionRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

type NoParams = z.ZodObject<Record<never, never>, z.core.$strict>;

export interface ActionDefinition<E, P extends z.ZodType> {
  /** The name under which playbooks refer to it, in snake_case. */
  readonly name: string;
  readonly description?: string;
  /** The most general event class that still has what `run` needs. */
  readonly on: EventClass<E>;
  /** A strict zod object. Left out: the action takes none. */
  readonly params?: P;
  /** Default `change`: done again only where an interruption left it undone, and not at all once the alert has resolved. */
  readonly effects?: Effects;
  /** What it needs of the cluster's API. */
  readonly permissions?: readonly PermissionRule[];
  /** `never`: once begun it is not begun again, even where nobody knows how it ended. Default `resume`. */
  readonly retry?: "resume" | "never";
  /** Seconds it may take; default 60, at most 900. */
  readonly timeout?: number;
  /** Whether it takes the place of a built-in action of its name; without it that is a mistake. Default no. */
  readonly override?: boolean;
  readonly run: (event: NoInfer<E>, params: z.output<P>, context: ActionContext) => void | Promise<void>;
}

interface ActionFacts {
  readonly [kAction]: true;
  readonly name: string;
  readonly description: string;
  readonly effects: Effects;
  readonly permissions: readonly PermissionRule[];
  readonly retry: "resume" | "never";
  readonly timeout: number;
  readonly override: boolean;
}

export interface Action<in E, P extends z.ZodType = z.ZodType> extends ActionFacts {
  readonly on: EventClass<E>;
  readonly params: P;
  readonly run: (event: E, params: z.output<P>, context: ActionContext) => void | Promise<void>;
  /** The action with its params, for playbooks in TypeScript. Throws a ZodError. */
  readonly with: (params: z.input<P>) => Step<E>;
}

/** Any action, for lists and for the loader. */
export interface AnyAction extends ActionFacts {
  readonly on: EventClass<never>;
  readonly params: z.ZodType;
  readonly run: (event: never, params: never, context: ActionContext) => void | Promise<void>;
}

/** An action with its params, ready to be put under a trigger that emits at least `E`. */
export interface Step<in E> {
  readonly on: EventClass<E>;
  readonly action: AnyAction;
  readonly params: unknown;
}

const defaultTimeoutSeconds = 60;
const maximumTimeoutSeconds = 900;

/** Defines an action. Export the result; nothing is registered. Throws a RangeError for a timeout that cannot be. */
export function action<E, P extends z.ZodType = NoParams>(definition: ActionDefinition<E, P>): Action<E, P> {
  const params = definition.params ?? (z.strictObject({}) as unknown as P);
  const { name, timeout = defaultTimeoutSeconds } = definition;
  if (!(timeout > 0 && timeout <= maximumTimeoutSeconds)) {
    throw new RangeError(
      `The action ${name} has a timeout of ${timeout}; it is in seconds, at most ${maximumTimeoutSeconds}.`,
    );
  }
  const self: Action<E, P> = {
    [kAction]: true,
    name: definition.name,
    description: definition.description ?? "",
    on: definition.on,
    params,
    effects: definition.effects ?? "change",
    permissions: definition.permissions ?? [],
    retry: definition.retry ?? "resume",
    timeout,
    override: definition.override ?? false,
    run: definition.run,
    with: (input) => ({ on: definition.on, action: self, params: params.parse(input) }),
  };
  return self;
}

export const isAction = (value: unknown): value is AnyAction =>
  typeof value === "object" && value !== null && kAction in value;
