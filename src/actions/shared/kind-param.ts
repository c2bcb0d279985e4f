/** Kinds as users name them in params, and what an action needs that reads whichever is named. */
import * as z from "zod";
import { type Kind, type KubernetesObject, kindNamed, kinds, type PermissionRule } from "../../index.ts";

/** All that Cortado knows but Secrets, which no action shows. */
export const readableKinds = (Object.keys(kinds) as Kind[]).filter((kind) => kind !== "Secret");

/** In any case, in the singular or the plural: `deployment`, `Deployments`. */
export const kindParam = z.string().transform((text, context): Kind => {
  const kind = kindNamed(text);
  if (kind !== undefined && kind !== "Secret") return kind;
  const message = `"${text}" is no kind that Cortado reads; it reads ${readableKinds.join(", ")}`;
  context.addIssue({ code: "custom", message, input: text });
  return z.NEVER;
});

/** The params of the actions that read one object. */
export const objectParams = {
  kind: kindParam.describe("The object's kind: pod, deployment, node, …"),
  name: z.string().min(1).describe("Its name"),
  namespace: z.string().nullish().describe("Its namespace; default `default`"),
};

/** A rule for each API group. */
export function everyKind(verb: "get" | "list"): PermissionRule[] {
  const groups = [...new Set(readableKinds.map((kind) => kinds[kind].group))];
  return groups.map((group) => ({
    apiGroups: [group],
    resources: readableKinds.filter((kind) => kinds[kind].group === group).map((kind) => kinds[kind].plural),
    verbs: [verb],
  }));
}

/** The object's kind, where it is one that Cortado knows by name. */
export function knownKind({ kind = "" }: KubernetesObject): Kind | undefined {
  return isKind(kind) ? kind : undefined;
}

const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);
