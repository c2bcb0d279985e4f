/** The guide's four actions, as their authors would write them, each in a file of its own. */
export const guide: Readonly<Record<string, string>> = {
  "my-action.ts": `import { action, file, markdown, PodEvent } from "cortado";

export const myAction = action({
  name: "my_action",
  on: PodEvent,
  effects: "read",
  async run(event) {
    const pod = await event.getPod();
    if (!pod) return;
    const logs = await pod.logs();
    const { output } = await pod.exec("ps aux");
    event.addEnrichment([markdown(\`*Oh no!* An alert occurred on \${pod.metadata.name}\`), markdown(output)]);
    if (logs) event.addEnrichment([file("crashing-pod.log", logs)]);
  },
});
`,
  "pod-bash-enricher.ts": `import { action, markdown, PodEvent } from "cortado";
import * as z from "zod";

export const podBashEnricher = action({
  name: "pod_bash_enricher",
  on: PodEvent,
  params: z.strictObject({ bash_command: z.string().describe("Command to run in the pod") }),
  async run(event, { bash_command }, { log }) {
    const pod = await event.getPod();
    if (!pod) return log.warn("no pod on this event");
    event.addEnrichment([markdown((await pod.exec(bash_command)).output)]);
  },
});
`,
  "argo-app-sync.ts": `import { action, ExecutionBaseEvent } from "cortado";
import { z } from "zod";

export const argoAppSync = action({
  name: "argo_app_sync",
  on: ExecutionBaseEvent,
  params: z.strictObject({
    argo_url: z.url(),
    argo_token: z.string(),
    argo_app_name: z.string(),
    rate_limit_seconds: z.int().positive().default(1800),
  }),
  async run(_event, params, { rateLimiter, signal }) {
    const key = params.argo_url + params.argo_app_name;
    if (!(await rateLimiter.markAndTest("argo_app_sync", key, params.rate_limit_seconds))) return;
    await fetch(\`\${params.argo_url}/api/v1/applications/\${params.argo_app_name}/sync\`, { method: "POST", signal });
  },
});
`,
  "pod-change-monitor.ts": `import { action, PodChangeEvent } from "cortado";

export const podChangeMonitor = action({
  name: "pod_change_monitor",
  on: PodChangeEvent,
  run: (event, _params, { log }) => log.info(event.operation, { old: event.oldObj, new: event.obj }),
});
`,
};
