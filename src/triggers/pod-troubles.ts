/** The triggers on pods that are in trouble now. They look at updates, as the model's do. */
import * as z from "zod";
import type { ChangeDelivery } from "../delivery.ts";
import { PodChangeEvent } from "../events/kubernetes.gen.ts";
import { parseKubernetesDatetime } from "../kubernetes/datetime.ts";
import { changeParams, matchChange } from "./changed-object.ts";
import type { Refusal } from "./conditions.ts";
import { kindRefusal } from "./object-changes.ts";
import { type PodStatus, podStatus } from "./pod-status.ts";
import { rateLimit, withMore } from "./rate-limit.ts";
import { type AnyTrigger, type Trigger, type TriggerUse, useTrigger } from "./trigger.ts";
import { workloadKey } from "./workload-key.ts";

/** Of every object, but which changes count: what fires is a state. */
const stateParams = changeParams.omit({ change_filters: true });
type StateParams = z.output<typeof stateParams> & { readonly rate_limit: number };

interface Trouble<P extends z.ZodType<StateParams>> {
  readonly name: string;
  readonly description: string;
  readonly params: P;
  /** Undefined where the pod is in this trouble. */
  readonly refusal: (status: PodStatus, wanted: z.output<P>, delivery: ChangeDelivery) => Refusal;
}

const podTrigger = <P extends z.ZodType<StateParams>>({
  refusal,
  ...rest
}: Trouble<P>): Trigger<PodChangeEvent, ChangeDelivery, P> => ({
  ...rest,
  emits: PodChangeEvent,
  delivery: "change",
  match: (delivery, wanted) =>
    withMore(
      matchChange(delivery, wanted, {
        kind: (object) => kindRefusal(object, "Pod"),
        operations: ["update"],
        state: ({ object }) => refusal(podStatus(object), wanted, delivery),
      }),
      () => ({ limit: { of: workloadKey(delivery.object), seconds: wanted.rate_limit }, aboutNow: true }),
    ),
});

const crashLoop = podTrigger({
  name: "on_pod_crash_loop",
  description: "A container of a pod waits to be started again, and has been restarted often enough.",
  params: stateParams.extend({
    rate_limit: rateLimit(14_400),
    restart_reason: z
      .string()
      .nullish()
      .describe("Only containers that wait for a reason with this in it: `CrashLoopBackOff`; default: any reason"),
    restart_count: z.int().nonnegative().default(2).describe("From how many restarts on"),
  }),
  refusal: ({ containers }, { restart_count: count, restart_reason: reason }) => {
    const waiting = containers.filter(({ state }) => state?.waiting);
    const loops = waiting.some(
      ({ restartCount, state }) => restartCount >= count && (!reason || state?.waiting?.reason?.includes(reason)),
    );
    if (loops) return undefined;
    const wanted = `${reason ? `for ${reason} ` : ""}after ${count} restarts or more`;
    const seen = waiting.map(
      ({ name, restartCount, state }) => `${name} for ${state?.waiting?.reason ?? "no reason"} after ${restartCount}`,
    );
    const found = () => (seen.length === 0 ? "none waits" : seen.join(", "));
    return { condition: "restart_count", reason: () => `no container of the pod waits ${wanted}: ${found()}` };
  },
});

const imagePullBackoff = podTrigger({
  name: "on_image_pull_backoff",
  description: "A container of a pod waits, since its image cannot be pulled.",
  params: stateParams.extend({
    rate_limit: rateLimit(14_400),
    fire_delay: z
      .int()
      .nonnegative()
      .default(120)
      .describe("Only pods that began so many seconds ago: many an image is there at the second try"),
  }),
  refusal: ({ containers, startTime }, { fire_delay: delay }, { acceptedAt }) => {
    if (!containers.some(({ state }) => state?.waiting?.reason === "ImagePullBackOff")) {
      return { condition: "state", reason: () => "no container of the pod waits for ImagePullBackOff" };
    }
    const age = startTime ? secondsBetween(startTime, acceptedAt) : 0;
    if (age >= delay) return undefined;
    return { condition: "fire_delay", reason: () => `the pod began ${Math.round(age)} s ago, not yet ${delay}` };
  },
});

/** 0 for a text that is no timestamp. */
function secondsBetween(timestamp: string, now: number): number {
  try {
    return (now - parseKubernetesDatetime(timestamp).getTime()) / 1000;
  } catch {
    return 0;
  }
}

const excluded = z.strictObject({
  name: z.string().optional().describe("How the name begins"),
  namespace: z.string().optional().describe("The whole name of the namespace"),
});

const oomParams = (of: string) =>
  stateParams.extend({
    rate_limit: rateLimit(3600),
    exclude: z
      .array(excluded)
      .nullish()
      .describe(`Not for these: by the beginning of the ${of}'s name, by namespace, or both`),
  });

const isExcluded = (list: readonly z.output<typeof excluded>[] | null | undefined, name: string, within: string) =>
  list?.some(
    ({ name: prefix, namespace }) =>
      (prefix || namespace) && name.startsWith(prefix ?? "") && (namespace || within) === within,
  ) === true;

const killedNow = ({ containers }: PodStatus) =>
  containers.filter(({ state }) => state?.terminated?.reason === "OOMKilled");

const notKilled: Refusal = {
  condition: "state",
  reason: () => "no container of the pod has just been terminated as OOMKilled",
};

const podOomKilled = podTrigger({
  name: "on_pod_oom_killed",
  description: "A container of a pod was killed for its memory, and has not been started again.",
  params: oomParams("pod"),
  refusal: (status, { exclude }, { object: { metadata } }) => {
    if (killedNow(status).length === 0) return notKilled;
    if (!isExcluded(exclude, metadata.name, metadata.namespace ?? "")) return undefined;
    return { condition: "exclude", reason: () => `exclude names the pod ${metadata.name}` };
  },
});

const containerOomKilled = podTrigger({
  name: "on_container_oom_killed",
  description: "A container of a pod was killed for its memory, and is not one of those that are left out.",
  params: oomParams("container"),
  refusal: (status, { exclude }, { object: { metadata } }) => {
    const killed = killedNow(status);
    if (killed.length === 0) return notKilled;
    if (killed.some(({ name }) => !isExcluded(exclude, name, metadata.namespace ?? ""))) return undefined;
    const names = () => killed.map(({ name }) => name).join(", ");
    return { condition: "exclude", reason: () => `exclude names every container that was killed: ${names()}` };
  },
});

const podEvicted = podTrigger({
  name: "on_pod_evicted",
  description: "A pod was evicted by the kubelet.",
  params: stateParams.extend({ rate_limit: rateLimit(14_400) }),
  refusal: ({ reason }) =>
    reason === "Evicted"
      ? undefined
      : { condition: "state", reason: () => `the reason in the pod's status is ${reason ?? "none"}, not Evicted` },
});

export const podTroubleTriggers: readonly AnyTrigger[] = [
  crashLoop,
  imagePullBackoff,
  podOomKilled,
  containerOomKilled,
  podEvicted,
];

type Given<T extends { readonly params: z.ZodType }> = z.input<T["params"]>;

/** For playbooks in TypeScript; each throws a ZodError. */
export const onPodCrashLoop = (given: Given<typeof crashLoop> = {}): TriggerUse<PodChangeEvent> =>
  useTrigger(crashLoop, given);
export const onImagePullBackoff = (given: Given<typeof imagePullBackoff> = {}): TriggerUse<PodChangeEvent> =>
  useTrigger(imagePullBackoff, given);
export const onPodOomKilled = (given: Given<typeof podOomKilled> = {}): TriggerUse<PodChangeEvent> =>
  useTrigger(podOomKilled, given);
export const onContainerOomKilled = (given: Given<typeof containerOomKilled> = {}): TriggerUse<PodChangeEvent> =>
  useTrigger(containerOomKilled, given);
export const onPodEvicted = (given: Given<typeof podEvicted> = {}): TriggerUse<PodChangeEvent> =>
  useTrigger(podEvicted, given);
