import { action, file, list, markdown, PrometheusKubernetesAlert, toYaml } from "../index.ts";
import { conditionsOf } from "./shared/conditions.ts";

/** What the API server says where the Service behind the API is gone. */
const serviceIsGone = "ServiceNotFound";

export const apiServiceStatusEnricher = action({
  name: "api_service_status_enricher",
  description:
    "Says why an API that something else serves is down: of the APIService that the alert's label `name` names.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [{ apiGroups: ["apiregistration.k8s.io"], resources: ["apiservices"], verbs: ["get"] }],
  async run(event, _params, { log }) {
    const { name } = event.alert.labels;
    if (!name) return log.info("the alert's labels name no APIService");
    const found = await event.cluster.getReferred({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      name,
    });
    const title = `APIService ${name}`;
    if (found === undefined) return event.addEnrichment([markdown("_It is not there any more._")], { title });
    const available = conditionsOf(found).find(({ type }) => type === "Available");
    const { status = "Unknown", reason, message } = available ?? {};
    const why = [reason, message].filter(Boolean).join(": ");
    const lines = [`Available: ${status}${why === "" ? "" : `, ${why}`}`, ...(reason === serviceIsGone ? [gone] : [])];
    event.addEnrichment([list(lines), file(`${name}.yaml`, await toYaml(found))], { title });
  },
});

const gone =
  "The Service that answers for this API does not exist. Install again what brings it, or delete the APIService if nobody needs the API.";
