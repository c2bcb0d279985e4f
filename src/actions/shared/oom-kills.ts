/** Containers that were killed because they, or their node, had no memory left. */
import * as z from "zod";
import { type Pod, parseKubernetesDatetime } from "../../index.ts";
import type { ContainerStatus } from "./restarts.ts";

type Terminated = NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>;

export interface OomKill {
  readonly pod: Pod;
  readonly container: string;
  readonly restarts: number;
  /** Whether the container has not been started again. */
  readonly isDown: boolean;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
}

/** The last kill of each container of the pod, where it was the last that ended it. */
export function oomKills(pod: Pod): OomKill[] {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return statuses.flatMap(({ name, restartCount, state, lastState }) => {
    const killed = [state?.terminated, lastState?.terminated].find(isOom);
    if (killed === undefined) return [];
    const { startedAt, finishedAt } = killed;
    const isDown = killed === state?.terminated;
    return [{ pod, container: name, restarts: restartCount, isDown, startedAt, finishedAt }];
  });
}

const isOom = (terminated: Terminated | undefined): terminated is Terminated => terminated?.reason === "OOMKilled";

/** Milliseconds since the epoch; 0 where nobody knows. */
export const killedAt = ({ finishedAt }: OomKill): number =>
  finishedAt ? parseKubernetesDatetime(finishedAt).getTime() : 0;

/** The latest kill of the pod's containers. */
export const lastKill = (pod: Pod): OomKill | undefined =>
  oomKills(pod)
    .sort((a, b) => killedAt(a) - killedAt(b))
    .at(-1);

const mostDelay = 300;

/** Of the actions that draw a kill: Prometheus learns of the last moments when it comes by the next time. */
export const graphDelay = z
  .int()
  .nonnegative()
  .max(mostDelay)
  .default(0)
  .describe(`Seconds to wait before the graph is drawn, so that it has the last moments; at most ${mostDelay}`);

/** Seconds for such an action. */
export const timeWithDelay = mostDelay + 60;

/** The container as the pod's spec has it; undefined of one that is not there, as an ephemeral one. */
export const killedContainer = ({ pod: { spec }, container }: OomKill) =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(({ name }) => name === container);

/** What the container asked for and may have: `128Mi requested, 256Mi at most`. */
export function memoryOf(kill: OomKill): string {
  const { requests, limits } = killedContainer(kill)?.resources ?? {};
  const limit = limits?.memory === undefined ? "no limit" : `${limits.memory} at most`;
  return `${requests?.memory === undefined ? "none" : requests.memory} requested, ${limit}`;
}
