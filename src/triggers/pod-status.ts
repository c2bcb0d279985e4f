/** What the triggers on troubles of pods read of a pod. It comes from outside: whatever is not as it should be is not there. */
import * as z from "zod";
import { perObject } from "./per-object.ts";

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

export const podStatus = perObject((pod): PodStatus => {
  const status = withStatus.safeParse(pod).data?.status;
  return {
    reason: status?.reason,
    startTime: status?.startTime,
    containers: [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])],
  };
});
