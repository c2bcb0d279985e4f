/**
 * Dry runs: reads go through, writes are tried by the API server and not stored, commands are not run; what would have come of them is
 * collected. https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
import { ClusterError, DryRunError } from "../errors.ts";
import type { Kind } from "./kinds.ts";
import type { CallScope, Cluster, ClusterEffect, DryRun, ExecResult } from "./kubernetes.ts";
import type { KubernetesObject } from "./objects.ts";
import { namespaceOf, resourceOf } from "./paths.ts";

/** A dry run of one delivery, of which every effect is told as it is found. */
export function createDryRun(onEffect: (effect: ClusterEffect) => void = () => undefined): DryRun {
  const effects: ClusterEffect[] = [];
  return {
    effects,
    add(effect) {
      effects.push(effect);
      onEffect(effect);
    },
  };
}

/** Of the actions in dry runs: for how many milliseconds each may still pause. */
const patience = new WeakMap<AbortSignal, number>();
const patienceMilliseconds = 2_000;

/** Says of an action's signal that what the action waits for will not come about. */
export const expectNothing = (signal: AbortSignal): void => void patience.set(signal, patienceMilliseconds);

/** Throws a DryRunError where the signal is that of an action in a dry run. */
export function requireHope(signal: AbortSignal, what: string): void {
  if (patience.has(signal)) throw new DryRunError(`in a dry run nobody waits for ${what}`);
}

/** Throws a DryRunError where an action in a dry run has paused for so long in all that it can only wait for something. */
export function requirePatience(signal: AbortSignal, milliseconds: number): void {
  const left = patience.get(signal);
  if (left === undefined) return;
  if (milliseconds > left) throw new DryRunError("in a dry run nobody waits for what may come");
  patience.set(signal, left - milliseconds);
}

/** The query of a request that writes. */
export const tried = ({ dryRun }: CallScope): Readonly<Record<string, string>> =>
  dryRun === undefined ? {} : { dryRun: "All" };

/**
 * A view of a cluster whose writes are tried only: it tells what they would have done, and shows nothing any more of what they would have
 * deleted, so that nobody waits for its end. The view itself, where the scope is of no dry run.
 */
export function trying({ dryRun }: CallScope, view: Cluster): Cluster {
  if (dryRun === undefined) return view;
  const isGone = (kind: Kind, { metadata }: KubernetesObject) =>
    dryRun.effects.some((effect) => ends(effect) && isSame(effect, place(kind, metadata.name, metadata.namespace)));

  const get: Cluster["get"] = async (kind, name, namespace) => {
    const object = await view.get(kind, name, namespace);
    return object === undefined || isGone(kind, object) ? undefined : object;
  };

  const changing = async <T extends KubernetesObject>(
    verb: "update" | "patch",
    kind: Kind,
    where: Place,
    write: () => Promise<T>,
  ): Promise<T> => {
    const before = await view.get(kind, where.name, where.namespace);
    const after = await write();
    dryRun.add({ verb, ...where, ...(before === undefined ? {} : { before }), after });
    return after;
  };

  return {
    ...view,
    get,

    list: async (kind, options) => {
      const objects = await view.list(kind, options);
      return objects.filter((object) => !isGone(kind, object));
    },

    create: async (kind, object) => {
      const after = await view.create(kind, object);
      const { name, namespace } = after.metadata;
      dryRun.add({ verb: "create", ...place(kind, name, namespace), after });
      return after;
    },

    update: (kind, object) => {
      const { name, namespace } = object.metadata;
      return changing("update", kind, place(kind, name, namespace), () => view.update(kind, object));
    },

    patch: (kind, name, namespace, patch) =>
      changing("patch", kind, place(kind, name, namespace), () => view.patch(kind, name, namespace, patch)),

    delete: async (kind, name, namespace, options) => {
      const there = await view.delete(kind, name, namespace, options);
      if (there) dryRun.add({ verb: "delete", ...place(kind, name, namespace) });
      return there;
    },

    evict: async (namespace, pod, options) => {
      const there = await view.evict(namespace, pod, options);
      if (there) dryRun.add({ verb: "evict", ...place("Pod", pod, namespace) });
      return there;
    },

    exec: async (namespace, pod, command) => {
      if ((await get("Pod", pod, namespace)) === undefined) {
        throw new ClusterError(404, "NotFound", `There is no pod ${namespace}/${pod} to run anything in.`);
      }
      dryRun.add({ verb: "exec", ...place("Pod", pod, namespace), command });
      return silence;
    },
  };
}

const silence: ExecResult = { stdout: "", stderr: "", output: "", exitCode: 0, notRun: true };

interface Place {
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

function place(kind: Kind, name: string, namespace: string | undefined): Place {
  const within = namespaceOf(kind, namespace);
  return { resource: resourceOf(kind), ...(within === undefined ? {} : { namespace: within }), name };
}

const ends = ({ verb }: ClusterEffect): boolean => verb === "delete" || verb === "evict";

const isSame = (effect: ClusterEffect, { resource, namespace, name }: Place): boolean =>
  effect.resource === resource && effect.namespace === namespace && effect.name === name;
