/** What a caller asks to have run: the body of a request, read with every problem at once. */
import * as z from "zod";
import { type ClusterRules, clusterFor } from "../auth/authenticate.ts";
import type { Principal } from "../auth/principal.ts";
import type { InvocationDelivery, Target } from "../delivery.ts";
import type { FieldProblem } from "../errors.ts";
import { kindNamed, kinds } from "../kubernetes/kinds.ts";
import { namespaceOf } from "../kubernetes/paths.ts";
import { check, pathText } from "../playbooks/params.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";

const targetSchema = z.strictObject({
  cluster: z
    .string()
    .nullish()
    .describe("As the configuration names it; default the credential's only one, else `clusterName`"),
  kind: z.string().nullish().describe("In any case, in the singular or the plural: pod, Deployments"),
  namespace: z.string().nullish().describe("Default `default`, for kinds that are in namespaces"),
  name: z.string().min(1).nullish().describe("The object's name"),
});

export const wishSchema = z.strictObject({
  params: z.record(z.string(), z.json()).nullish().describe("The action's own params; those of globalConfig are added"),
  target: targetSchema.nullish().describe("What it is run on"),
  sinks: z
    .array(z.string())
    .nullish()
    .describe(
      "Names of the sinks that are told; absent: every sink with `default: true`; empty: none. The answer has the findings in any case",
    ),
  dryRun: z
    .boolean()
    .nullish()
    .describe("Nothing is changed and no sink is told; the answer says what would have been"),
});

export type WishBody = z.output<typeof wishSchema>;

/** What is to be run where, as far as the request says it. */
export interface Wish extends Pick<InvocationDelivery, "cluster" | "params" | "target" | "sinks"> {
  readonly dryRun: boolean;
}

export interface ReadWish {
  readonly wish: Wish;
  /** Where there are any, it must not be run. */
  readonly problems: readonly FieldProblem[];
}

/** Throws a ForbiddenError where the principal may not speak for the cluster. */
export function readWish(body: unknown, principal: Principal, rules: ClusterRules): ReadWish {
  const checked = check(wishSchema, body, "the request");
  const given = checked.ok ? checked.value : {};
  const problems: FieldProblem[] = checked.ok
    ? []
    : checked.refusals.map(({ path, message }) => ({ path: pathText(path), message }));
  const { kind, name, namespace } = given.target ?? {};
  const cluster = clusterFor(rules, principal, given.target?.cluster ?? undefined)({});
  problems.push(...clusterProblems(cluster, rules));
  const { target, problem } = readTarget({ kind, name, namespace });
  if (problem !== undefined) problems.push(problem);
  return {
    wish: {
      cluster,
      params: given.params ?? {},
      ...(target === undefined ? {} : { target }),
      ...(given.sinks == null ? {} : { sinks: given.sinks }),
      dryRun: given.dryRun ?? false,
    },
    problems,
  };
}

function clusterProblems(cluster: string, { known }: ClusterRules): FieldProblem[] {
  if (known === undefined || known.includes(cluster)) return [];
  const message = `There is no cluster ${quoted(cluster)} in the configuration${didYouMean(cluster, known)}`;
  return [{ path: "target.cluster", message }];
}

const kindNames = Object.keys(kinds).flatMap((kind) => [kind, kind.toLowerCase()]);

type Given = Pick<NonNullable<WishBody["target"]>, "kind" | "name" | "namespace">;

function readTarget({ kind, name, namespace }: Given): { target?: Target; problem?: FieldProblem } {
  if (kind == null && name == null && namespace == null) return {};
  if (kind == null)
    return { problem: { path: "target.kind", message: "The target needs its `kind`, for instance `pod`." } };
  const known = kindNamed(kind);
  if (known === undefined) {
    const message = `There is no kind ${quoted(kind)} that Cortado knows${didYouMean(kind, kindNames)}`;
    return { problem: { path: "target.kind", message } };
  }
  if (name == null) return { problem: { path: "target.name", message: "The target needs its `name`." } };
  const within = namespaceOf(known, namespace ?? undefined);
  return { target: { kind: known, name, ...(within === undefined ? {} : { namespace: within }) } };
}
