/** Kubewatch's cloud events, as the model takes them at `POST /api/handle`: one change of one object, with the version before. */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { ChangeDelivery, Operation } from "../delivery.ts";
import { BadRequestError, ForbiddenError } from "../errors.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { completeEvent } from "./complete-event.ts";
import type { Received, Receiver, ReceiverContext } from "./receiver.ts";
import { redactSecret } from "./redact-secret.ts";

const labels = z.record(z.string(), z.string()).nullish();
const metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  labels,
  annotations: labels,
});

/** Any object with a name; what nobody here looks at passes through as it is. */
const object = z.custom<KubernetesObject>(
  (value) => z.object({ metadata }).safeParse(value).success,
  "must be a Kubernetes object with metadata.name",
);

const cloudEvent = z.object({
  data: z.object({
    operation: z.enum(["create", "update", "delete"]),
    kind: z.string(),
    apiVersion: z.string().optional(),
    obj: object,
    oldObj: object.nullish(),
  }),
});

export const kubewatch: Receiver = {
  name: "kubewatch",
  paths: ["/api/handle"],
  answer: { success: true },
  parse(body, context): Received {
    const parsed = cloudEvent.safeParse(body);
    if (!parsed.success) {
      throw new BadRequestError(
        `the body is not a kubewatch cloud event: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`,
      );
    }
    const { operation, kind, apiVersion, obj, oldObj } = parsed.data.data;
    const before = oldObj && named(oldObj, kind, apiVersion);
    try {
      return {
        deliveries: [deliveryOf({ operation, obj: named(obj, kind, apiVersion), oldObj: before }, context)],
        quarantined: [],
      };
    } catch (error) {
      if (error instanceof ForbiddenError)
        return { deliveries: [], quarantined: [{ at: "data", reason: error.message }] };
      throw error;
    }
  },
};

/** Objects out of informers lack what the event says beside them. */
function named(obj: KubernetesObject, kind: string, apiVersion: string | undefined): KubernetesObject {
  return completeEvent({ ...(apiVersion === undefined ? {} : { apiVersion }), kind, ...obj });
}

interface Change {
  readonly operation: Operation;
  readonly obj: KubernetesObject;
  readonly oldObj: KubernetesObject | null | undefined;
}

function deliveryOf({ operation, obj, oldObj }: Change, { acceptedAt, clusterOf }: ReceiverContext): ChangeDelivery {
  const versions = redactSecret({ object: obj, ...(operation === "update" && oldObj ? { oldObject: oldObj } : {}) });
  const { uid, resourceVersion } = obj.metadata;
  const identity = uid ?? createHash("sha256").update(JSON.stringify(versions.object)).digest("hex");
  return {
    kind: "change",
    id: operation === "update" ? `update:${resourceVersion ?? identity}` : operation,
    key: `object#${identity}`,
    cluster: clusterOf({}),
    acceptedAt,
    operation,
    ...versions,
  };
}
