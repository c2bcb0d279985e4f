import { action, DeploymentEvent, list } from "../index.ts";
import { conditionsTable } from "./shared/conditions.ts";

export const deploymentStatusEnricher = action({
  name: "deployment_status_enricher",
  description: "Shows a deployment's replicas and its conditions, which often say what keeps a rollout from ending.",
  on: DeploymentEvent,
  effects: "read",
  permissions: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] }],
  async run(event, _params, { log }) {
    const deployment = await event.getDeployment();
    if (deployment === undefined) return log.info("no deployment, no status");
    const { spec, status = {}, metadata } = deployment;
    const { readyReplicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
    const wanted = spec?.replicas ?? 1;
    const lines = [
      `Replicas: ${wanted} wanted, ${updatedReplicas} up to date, ${readyReplicas} ready, ${availableReplicas} available`,
      ...(spec?.paused ? ["Its rollout is paused."] : []),
      ...(isBehind(deployment) ? ["Its controller has not looked at the newest version of it yet."] : []),
    ];
    event.addEnrichment([list(lines), conditionsTable(status.conditions ?? [])], {
      title: `Status of deployment ${metadata.name}`,
    });
  },
});

interface Observed {
  readonly metadata: { readonly generation?: number };
  readonly status?: { readonly observedGeneration?: number };
}

const isBehind = ({ metadata, status }: Observed): boolean =>
  metadata.generation !== undefined && (status?.observedGeneration ?? 0) < metadata.generation;
