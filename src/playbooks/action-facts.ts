/** What there is to know of an action without running it: plain data, for those who ask what they can run by hand. */
import * as z from "zod";
import { ExecutionBaseEvent } from "../events/event.ts";
import { isSubclass } from "../events/event-class.ts";
import type { Kind } from "../kubernetes/kinds.ts";
import type { AnyAction } from "./action.ts";
import type { Configuration } from "./configuration.ts";
import { isSet } from "./global-config.ts";
import { neverByHand, targetsOf } from "./invocation.ts";

export interface ActionFacts extends Pick<AnyAction, "name" | "description" | "effects" | "permissions" | "retry"> {
  /** The name of the event class. */
  readonly on: string;
  readonly timeoutSeconds: number;
  /** Why it can never be run by hand; absent where it can. */
  readonly neverByHand?: string;
  readonly target: {
    readonly required: boolean;
    /** The kinds of objects that it takes. */
    readonly kinds: readonly Kind[];
  };
  /** The JSON Schema of what a caller may give. */
  readonly params: Readonly<Record<string, unknown>>;
}

export function factsOf(action: AnyAction, globalConfig: Configuration["globalConfig"]): ActionFacts {
  const { name, description, on, effects, permissions, retry, timeout } = action;
  const never = neverByHand(action);
  return {
    name,
    description,
    on: on.name,
    effects,
    permissions,
    retry,
    timeoutSeconds: timeout,
    ...(never === undefined ? {} : { neverByHand: never }),
    target: { required: !isSubclass(ExecutionBaseEvent, on), kinds: never === undefined ? targetsOf(action) : [] },
    params: schemaOf(action, globalConfig),
  };
}

/** What globalConfig has, a caller may leave out. */
function schemaOf({ params }: AnyAction, globalConfig: Configuration["globalConfig"]): ActionFacts["params"] {
  const { $schema: _, required, ...schema } = z.toJSONSchema(params, { io: "input", unrepresentable: "any" });
  const needed = required?.filter((key) => !isSet(globalConfig[key])) ?? [];
  return { ...schema, ...(needed.length === 0 ? {} : { required: needed }) };
}
