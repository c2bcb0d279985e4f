import * as z from "zod";
import { action, DeploymentEvent, markdown } from "../index.ts";
import { latestEvents, workloadEventParams } from "./shared/events.ts";
import { deploymentPodsPermissions, isWell, worstPods } from "./shared/pods.ts";

export const deploymentEventsEnricher = action({
  name: "deployment_events_enricher",
  description:
    "Shows how many replicas a deployment has, and the latest Kubernetes events about it; or, where it is told to, those about its pods that are not ready.",
  on: DeploymentEvent,
  effects: "read",
  permissions: [
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
    ...deploymentPodsPermissions,
  ],
  params: z.strictObject(workloadEventParams),
  async run(event, { dependent_pod_mode, max_pods, ...choice }, { log }) {
    const deployment = await event.getDeployment();
    if (deployment === undefined) return log.info("no deployment, no events");
    const pods = dependent_pod_mode ? await worstPods(event.cluster, deployment) : [];
    const ill = pods.filter((pod) => !isWell(pod)).slice(0, max_pods);
    const objects = dependent_pod_mode ? ill : [deployment];
    const blocks = await Promise.all(objects.map((object) => latestEvents(object, choice)));
    const found = blocks.filter((block) => block !== undefined);
    const { replicas = 1 } = deployment.spec ?? {};
    const text = `*Replicas:* ${replicas} wanted, ${deployment.status?.availableReplicas ?? 0} available`;
    const first = dependent_pod_mode ? [] : [markdown(text)];
    if (first.length + found.length > 0) event.addEnrichment([...first, ...found], { title: "Deployment events" });
  },
});
