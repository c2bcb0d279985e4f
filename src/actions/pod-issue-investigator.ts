import {
  action,
  type KubernetesObject,
  KubernetesResourceEvent,
  list,
  markdown,
  type Pod,
  relatedPods,
} from "../index.ts";
import { conditionsOf } from "./shared/conditions.ts";
import { latestEvents, nameOf } from "./shared/events.ts";
import { issueOf, type PodIssue } from "./shared/pod-issues.ts";
import { relatedPodsPermissions } from "./shared/pods.ts";

const maxPods = 10;

export const podIssueInvestigator = action({
  name: "pod_issue_investigator",
  description: `Says what is wrong with each pod of a workload or node, and what to look at next; of ${maxPods} pods at most.`,
  on: KubernetesResourceEvent,
  effects: "read",
  permissions: [...relatedPodsPermissions, { apiGroups: [""], resources: ["events"], verbs: ["list"] }],
  async run(event, _params, { log }) {
    const resource = await event.getResource();
    if (resource === undefined) return log.info("no object, nothing to investigate");
    const pods = await relatedPods(event.cluster, resource);
    if (pods.length === 0) return event.addEnrichment([markdown(noPods(resource))], { title });
    const ill = pods.flatMap((pod) => {
      const issue = issueOf(pod);
      return issue === undefined ? [] : [{ pod, issue }];
    });
    if (ill.length === 0) return log.info("nothing is wrong with the pods", { pods: pods.length });
    const lines = await Promise.all(ill.slice(0, maxPods).map(line));
    const left = ill.length - maxPods;
    const rest = left > 0 ? [markdown(`_And ${left} more._`)] : [];
    const count = markdown(`Something is wrong with ${ill.length} of ${pods.length} pods of ${nameOf(resource)}.`);
    event.addEnrichment([...(pods.length > 1 ? [count] : []), list(lines), ...rest], { title });
  },
});

const title = "Pod issues";

/** The status says that there is an issue; the latest warning may say why. */
async function line({ pod, issue: { what, next } }: { readonly pod: Pod; readonly issue: PodIssue }): Promise<string> {
  const warnings = await latestEvents(pod, { max_events: 1, included_types: ["Warning"] });
  const warning = warnings?.events[0];
  const latest =
    warning === undefined ? "" : ` Latest warning: ${warning.reason}, ${warning.message.replace(/[\s.:]+$/, "")}.`;
  return `*${pod.metadata.name}*: ${what}.${latest} Next, look at ${next}.`;
}

/** Where there are none, the object's own conditions say why: a quota, a webhook that refuses them. */
function noPods(resource: KubernetesObject): string {
  const messages = conditionsOf(resource).flatMap(({ message }) => (message ? [message] : []));
  return [`${nameOf(resource)} has no pods.`, ...messages].join(" ");
}
