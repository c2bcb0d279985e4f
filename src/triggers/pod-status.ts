/** What the triggers on troubles of pods read of a pod. It comes from outside: whatever is not as it should be is not there. */
import * as z from "zod";
import type { KubernetesObject } from "../kubernetes/objects.ts";

const text = z.string().nullish().catch(undefined);
const reasoned = z.object({ reason: text }).nullish().catch(undefined);
const container = z.object({
  name: z.string(),
  restartCount: z.number().catch(0),
  state: z.object({ waiting: reasoned, terminated: reasoned }).nullish().catch(undefined),
});
const containers = z.array(container).catch([]);
const withStatus = z.object({
  status: z.object({
    reason: text,
    startTime: text,
    containerStatuses: containers,
    initContainerStatuses: containers,
  }),
});

export interface PodStatus {
  readonly reason?: string | null | undefined;
  /** RFC 3339. */
  readonly startTime?: string | null | undefined;
  /** Init containers too. */
  readonly containers: readonly z.output<typeof container>[];
}

/** Many playbooks look at one delivery. */
const known = new WeakMap<KubernetesObject, PodStatus>();

export function podStatus(pod: KubernetesObject): PodStatus {
  const before = known.get(pod);
  if (before !== undefined) return before;
  const status = withStatus.safeParse(pod).data?.status;
  const read: PodStatus = {
    reason: status?.reason,
    startTime: status?.startTime,
    containers: [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])],
  };
  known.set(pod, read);
  return read;
}
