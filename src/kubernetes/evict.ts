/** Evictions. https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/ */
import { isAboutAnObject, readObject, readStatus, refusal } from "./answers.ts";
import { type Api, recorded } from "./api.ts";
import type { HttpAnswer } from "./connection.ts";
import { deletion } from "./deletion.ts";
import { tried } from "./dry-run.ts";
import type { CallScope, DeleteOptions } from "./kubernetes.ts";
import { isName, pathOf } from "./paths.ts";

/** What is remembered of a cluster. */
export interface EvictionMemory {
  eviction?: EvictionVersion;
}

/** Clusters before 1.22 know the latter alone. */
const evictionVersions = ["policy/v1", "policy/v1beta1"] as const;
type EvictionVersion = (typeof evictionVersions)[number];

interface Eviction {
  readonly namespace: string;
  readonly pod: string;
  readonly options: DeleteOptions;
}

/** False where the pod was gone already. Throws a ClusterError: 429 where a disruption budget speaks against it. */
export async function evict(
  api: Api,
  memory: EvictionMemory,
  scope: CallScope,
  { namespace, pod, options }: Eviction,
): Promise<boolean> {
  if (!isName(pod) || !isName(namespace)) return false;
  const facts = { verb: "create", resource: "pods/eviction", namespace, name: pod };
  const send = (apiVersion: EvictionVersion): Promise<HttpAnswer> => {
    const body = {
      apiVersion,
      kind: "Eviction",
      metadata: { name: pod, namespace },
      deleteOptions: deletion(options, scope),
    };
    const path = `${pathOf("Pod", "v1", namespace, pod)}/eviction`;
    return api.send(facts, { method: "POST", path, query: tried(scope), body, keep429: true }, scope.signal);
  };
  return recorded(scope, facts, async (note) => {
    const [current, old] = evictionVersions;
    let answer = await send(memory.eviction ?? current);
    if (memory.eviction === undefined && isUnknownVersion(answer)) {
      memory.eviction = old;
      answer = await send(old);
    }
    note(answer);
    if (answer.status === 404 && isAboutAnObject(answer)) return false;
    if (answer.status === 404) throw refusal(api, facts, answer);
    readObject(api, facts, answer);
    return true;
  });
}

const isUnknownVersion = ({ status, body }: HttpAnswer): boolean =>
  status === 400 && /no kind "Eviction" is registered/.test(readStatus(body)?.message ?? "");
