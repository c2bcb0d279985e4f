import * as z from "zod";
import { action, list, type Pod, PodEvent } from "../index.ts";
import { causeOf, type FailingPull, failingPulls, pullMessages } from "./shared/image-pulls.ts";

export const imagePullBackoffReporter = action({
  name: "image_pull_backoff_reporter",
  description: "Makes a finding about a pod whose images cannot be pulled, with the reason as far as it can be told.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ],
  params: z.strictObject({
    rate_limit: z.int().nonnegative().default(3600).describe("Seconds in which the same workload is reported once"),
  }),
  async run(event, { rate_limit }, { log, rateLimiter }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, no image to pull");
    const { name, namespace } = pod.metadata;
    const failing = failingPulls(pod);
    if (failing.length === 0) return log.info("the pod's images are not waited for", { pod: name });
    const limit = ["image_pull_backoff_reporter", workloadOf(pod)] as const;
    if (!(await rateLimiter.markAndTest(...limit, rate_limit))) {
      return log.info("reported not long ago", { pod: name });
    }
    const events = await pod.events().catch(async (error: unknown) => {
      await rateLimiter.refund(...limit);
      throw error;
    });
    const messages = pullMessages(events);
    event.addFinding({
      title: `Image of pod ${name} in namespace ${namespace} cannot be pulled`,
      aggregationKey: "ImagePullBackoff",
      severity: "HIGH",
    });
    event.addEnrichment([list(failing.map((pull) => line(pull, messages)))], {
      title: "Images",
      type: "image_pull_backoff_info",
    });
  },
});

/** The pods of one ReplicaSet all have the same trouble. */
function workloadOf({ metadata }: Pod): string {
  const [owner] = metadata.ownerReferences ?? [];
  return `${metadata.namespace}/${owner?.name ?? metadata.name}`;
}

function line({ container, image, message }: FailingPull, messages: readonly string[]): string {
  // The status of a container that backs off says no more than that; the events of the pod say why.
  const said = [...messages.filter((text) => text.includes(image)), message].find(
    (text) => causeOf(text, image) !== undefined,
  );
  const cause = causeOf(said ?? "", image);
  const why = cause ?? "nothing says why any more; pull it by hand from a node to see";
  return `*${container}*: \`${image}\`: ${why}${said === undefined ? "" : `\n_${said.slice(0, 500)}_`}`;
}
