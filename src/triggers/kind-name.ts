/** Kinds as users name them: `deployment`, or with the group: `rollout.argoproj.io`. */
import * as z from "zod";
import { groupOf, type Kind, kindOf, kinds } from "../kubernetes/kinds.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";

export interface KindName {
  /** As it was written. */
  readonly written: string;
  /** In lower case. */
  readonly kind: string;
  /** Absent where it is the kind's that Cortado knows by this name. */
  readonly group?: string;
}

const known = new Map((Object.keys(kinds) as Kind[]).map((kind) => [kind.toLowerCase(), kind]));

/** A name without a group must be one that Cortado knows: which group a `Rollout` is of, it cannot. */
export const kindName = z.string().transform((written, context): KindName => {
  const [kind = "", ...group] = written.toLowerCase().split(".");
  if (group.length > 0) return { written, kind, group: group.join(".") };
  if (!known.has(kind)) {
    const message = `"${written}" is no kind that Cortado knows; write a custom one with its group: "${written}.example.com"`;
    context.addIssue({ code: "custom", message, input: written });
  }
  return { written, kind };
});

export function isKindNamed(object: KubernetesObject, { kind, group }: KindName): boolean {
  if (group === undefined) return kindOf(object) === known.get(kind);
  return object.kind?.toLowerCase() === kind && groupOf(object) === group;
}
