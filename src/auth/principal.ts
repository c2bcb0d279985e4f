/** Who asks for something, and what they may ask for. */
import { ForbiddenError } from "../errors.ts";
import type { Effects } from "../playbooks/action.ts";

/** As the configuration names it: a token's or a signer's entry without its secret. */
export interface Principal {
  readonly name: string;
  /** `ingest` (webhooks), `read` (runs, actions), `admin` (playbooks; and read), `invoke:<glob>` (actions by hand). Absent: `ingest`. */
  readonly scopes?: readonly string[];
  /** The clusters that it may speak for; all of them where absent. */
  readonly clusters?: readonly string[];
  /** What it runs by hand touches objects in these alone; absent: all, and those in no namespace. */
  readonly namespaces?: readonly string[];
}

/** Whoever reaches a server that has no token and listens on the loopback interface alone. */
export const somebodyHere: Principal = { name: "somebody on this machine", scopes: ["ingest", "admin", "invoke:**"] };

const withoutScopes: readonly string[] = ["ingest"];

type Scope = "ingest" | "read" | "admin";

const has = ({ scopes = withoutScopes }: Principal, scope: Scope): boolean =>
  scopes.includes(scope) || (scope === "read" && scopes.includes("admin"));

/** Whether it may see what others have run. */
export const mayRead = (principal: Principal): boolean => has(principal, "read");

/** Throws a ForbiddenError that names the scope which is missing. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (has(principal, scope)) return;
  const { name } = principal;
  throw new ForbiddenError(`${name} may not do this; it needs the scope \`${scope}\` in auth`);
}

/** Throws a ForbiddenError where it may neither read nor run anything by hand: who runs something may see what there is, and what became of it. */
export function requireRead(principal: Principal): void {
  if (!principal.scopes?.some((scope) => scope.startsWith("invoke:"))) requireScope(principal, "read");
}

/** Throws a ForbiddenError where it may not speak for the cluster. */
export function requireCluster({ name, clusters }: Principal, cluster: string): void {
  if (clusters === undefined || clusters.includes(cluster)) return;
  throw new ForbiddenError(`${name} may not speak for the cluster ${cluster}`);
}

export interface Wish {
  readonly action: string;
  readonly effects: Effects;
  readonly cluster: string;
  readonly target?: { readonly name: string; readonly namespace?: string };
}

/**
 * Throws a ForbiddenError where the action may not be run on the target: by the scopes, of which a `*` covers nothing that destroys, by
 * the clusters, or by the namespaces, of which the target must be in one.
 */
export function requireInvoke(principal: Principal, { action, effects, cluster, target }: Wish): void {
  const { name, scopes = withoutScopes, namespaces } = principal;
  if (!scopes.some((scope) => scope.startsWith("invoke:") && covers(scope.slice("invoke:".length), action, effects))) {
    const destroys = effects === "destroy" ? "; as it destroys something, no `*` covers it" : "";
    throw new ForbiddenError(`${name} may not run ${action}; it needs the scope \`invoke:${action}\`${destroys}`);
  }
  requireCluster(principal, cluster);
  if (namespaces === undefined) return;
  const within = namespaces.join(", ");
  if (target === undefined) throw new ForbiddenError(`${name} is limited to ${within}: give a target there`);
  if (target.namespace === undefined || !namespaces.includes(target.namespace)) {
    const place = target.namespace === undefined ? "in no namespace" : `in ${target.namespace}`;
    throw new ForbiddenError(`${name} is limited to ${within}, and ${target.name} is ${place}`);
  }
}

/** `*` stands for any characters; `**` alone for every action, also those that destroy. */
function covers(glob: string, action: string, effects: Effects): boolean {
  if (glob === "**" || glob === action) return true;
  if (effects === "destroy") return false;
  const pattern = glob.split("*").map((part) => part.replaceAll(/[^\w]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(action);
}
