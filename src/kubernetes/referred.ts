/** Objects of any kind, read by what a reference says of them: its plural and its scope are the API server's to tell. */
import * as z from "zod";
import { ClusterError } from "../errors.ts";
import { abortable } from "./abortable.ts";
import { isAboutAnObject, readObject, refusal } from "./answers.ts";
import { type Api, type CallFacts, recorded } from "./api.ts";
import { groupOf } from "./kinds.ts";
import type { CallScope, Reference } from "./kubernetes.ts";
import type { KubernetesObject } from "./objects.ts";
import { isName, segment } from "./paths.ts";

const Resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
type Resource = z.output<typeof Resources>["resources"][number];

/** Custom resources come and go while Cortado runs; kubectl remembers for as long. */
const rememberedMilliseconds = 10 * 60_000;

/** What is remembered of a cluster, by group and version. */
export type Discovered = Map<string, { readonly resources: Promise<readonly Resource[]>; readonly until: number }>;

/**
 * The object as the API server has it; undefined where there is none of that name. Throws a ClusterError for every other refusal, also
 * where the cluster serves no such kind (404, `NotServed`). Asks for the resources of a group and version once in ten minutes.
 */
export async function readReferred(
  api: Api,
  discovered: Discovered,
  scope: CallScope,
  { apiVersion, kind, name, namespace = "default" }: Reference & { readonly namespace?: string | undefined },
): Promise<KubernetesObject | undefined> {
  if (!isName(name) || !isName(namespace)) return undefined;
  const root = rootOf(apiVersion);
  const resources = await discover(api, discovered, scope, root);
  const resource = resources.find((one) => one.kind === kind && !one.name.includes("/"));
  if (resource === undefined) {
    throw new ClusterError(404, "NotServed", `The cluster ${api.name} has no ${kind} in ${apiVersion}.`);
  }
  const within = resource.namespaced ? { namespace } : {};
  const group = groupOf({ apiVersion });
  const facts: CallFacts = {
    verb: "get",
    resource: group ? `${resource.name}.${group}` : resource.name,
    ...within,
    name,
  };
  const path = `${root}${resource.namespaced ? `/namespaces/${segment(namespace)}` : ""}/${resource.name}/${segment(name)}`;
  return recorded(scope, facts, async (note) => {
    const answer = await api.send(facts, { method: "GET", path }, scope.signal);
    note(answer);
    if (answer.status !== 404) return Stored.parse(readObject(api, facts, answer));
    if (!isAboutAnObject(answer)) throw refusal(api, facts, answer);
    return undefined;
  });
}

const Stored = z.custom<KubernetesObject>(
  (object) => z.object({ metadata: z.looseObject({ name: z.string() }) }).safeParse(object).success,
);

function rootOf(apiVersion: string): string {
  const [version = "", group] = apiVersion.split("/").reverse();
  return group === undefined ? `/api/${segment(version)}` : `/apis/${segment(group)}/${segment(version)}`;
}

/** Of many who ask at once, one does. Its call is nobody's to abort, so it is under no caller's signal. */
async function discover(
  api: Api,
  discovered: Discovered,
  scope: CallScope,
  root: string,
): Promise<readonly Resource[]> {
  const known = discovered.get(root);
  if (known !== undefined && performance.now() < known.until) return abortable(known.resources, scope.signal);
  const facts: CallFacts = { verb: "get", resource: root };
  const resources = recorded(scope, facts, async (note) => {
    const answer = await api.send(facts, { method: "GET", path: root });
    note(answer);
    // A group that nobody serves any more is one without resources.
    return answer.status === 404 ? [] : Resources.parse(readObject(api, facts, answer)).resources;
  });
  discovered.set(root, { resources, until: performance.now() + rememberedMilliseconds });
  resources.catch(() => discovered.delete(root));
  return abortable(resources, scope.signal);
}
