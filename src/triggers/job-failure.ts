/** The trigger on jobs that fail. */
import * as z from "zod";
import type { ChangeDelivery } from "../delivery.ts";
import { JobChangeEvent } from "../events/kubernetes.gen.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { changeParams, matchChange } from "./changed-object.ts";
import type { Refusal } from "./conditions.ts";
import { kindRefusal } from "./object-changes.ts";
import { perObject } from "./per-object.ts";
import { withMore } from "./rate-limit.ts";
import { type TriggerUse, trigger, useTrigger } from "./trigger.ts";

const params = changeParams.omit({ change_filters: true });

/**
 * A job that has failed stays so: the limit is what tells its later updates apart where the version before is not known. It is also why
 * an update that comes late counts: nothing newer makes it untrue.
 */
const keptSeconds = 30 * 24 * 3600;

export const jobFailure = trigger({
  name: "on_job_failure",
  description: "A job fails. Each job is told once.",
  emits: JobChangeEvent,
  delivery: "change",
  params,
  match: (delivery: ChangeDelivery, wanted) =>
    withMore(
      matchChange(delivery, wanted, {
        kind: (object) => kindRefusal(object, "Job"),
        operations: ["update"],
        state: failureRefusal,
      }),
      () => ({ limit: { of: `job ${identityOf(delivery.object)}`, seconds: keptSeconds, once: true } }),
    ),
});

/** For playbooks in TypeScript. Throws a ZodError. */
export const onJobFailure = (given: z.input<typeof params> = {}): TriggerUse<JobChangeEvent> =>
  useTrigger(jobFailure, given);

function failureRefusal({ object, oldObject }: ChangeDelivery): Refusal {
  if (!hasFailed(object)) return { condition: "state", reason: () => "the job has not failed" };
  if (oldObject === undefined || !hasFailed(oldObject)) return undefined;
  return { condition: "state", reason: () => "the job had failed before this update" };
}

const withConditions = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});

const hasFailed = perObject((job) =>
  withConditions
    .safeParse(job)
    .data?.status.conditions.some(({ type, status }) => type === "Failed" && status === "True"),
);

const identityOf = ({ metadata: { namespace, name, uid } }: KubernetesObject): string =>
  `${namespace}/${name}${uid === undefined ? "" : ` (${uid})`}`;
