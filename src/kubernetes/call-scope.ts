/** What goes for every call of one view of a cluster. */
import { ClusterError } from "../errors.ts";
import type { CallScope, ClusterCall } from "./kubernetes.ts";

/** Both signals count, both observers hear, what either does not allow is not allowed, and a dry run stays one. */
export function narrow(outer: CallScope, inner: CallScope): CallScope {
  const signals = [outer.signal, inner.signal].filter((signal) => signal !== undefined);
  const observers = [outer.onCall, inner.onCall].filter((observer) => observer !== undefined);
  const limits = [outer.namespaces, inner.namespaces].filter((names) => names !== undefined);
  const [first, second] = limits;
  const dryRun = outer.dryRun ?? inner.dryRun;
  return {
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    ...(dryRun === undefined ? {} : { dryRun }),
    onCall: (call) => {
      for (const observer of observers) observer(call);
    },
    ...(first === undefined
      ? {}
      : { namespaces: second === undefined ? first : first.filter((one) => second.includes(one)) }),
  };
}

/** Everything but the signal. */
export const unsignalled = ({ signal: _, ...scope }: CallScope): CallScope => scope;

/** What is to be asked of the API server. */
interface Question {
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Of a call that writes: that it is only tried. */
export const marks = ({ dryRun }: CallScope, verb: string): Pick<ClusterCall, "dryRun"> =>
  dryRun !== undefined && writes.has(verb) ? { dryRun: true } : {};

const writes = new Set(["create", "update", "patch", "delete"]);

/** Throws a ClusterError (403) for a call beyond the scope's namespaces. What an API server serves at all is nobody's secret. */
export function requireWithin({ namespaces }: CallScope, { verb, resource, namespace, name }: Question): void {
  if (namespaces === undefined || resource.startsWith("/")) return;
  if (namespace !== undefined && namespaces.includes(namespace)) return;
  const place = namespace === undefined ? "in no single namespace" : `in ${namespace}`;
  const what = [verb, resource, name].filter((word) => word !== undefined).join(" ");
  const limits = namespaces.join(", ") || "no namespace";
  throw new ClusterError(403, "Forbidden", `whoever started this is limited to ${limits}, and ${what} is ${place}`);
}
