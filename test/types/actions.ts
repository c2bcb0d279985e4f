/** Actions for the type tests, one for each place in the lattice. What must not compile within them is marked. */
import * as z from "zod";
import {
  action,
  ExecutionBaseEvent,
  KubernetesAnyChangeEvent,
  markdown,
  NodeEvent,
  PodChangeEvent,
  PodEvent,
  PrometheusKubernetesAlert,
} from "../../src/index.ts";

export const podBashEnricher = action({
  name: "pod_bash_enricher",
  on: PodEvent,
  params: z.strictObject({ bash_command: z.string(), timeout: z.number().default(5) }),
  async run(event, params) {
    const pod = await event.getPod();
    const timeoutSeconds: number = params.timeout;
    const result = await pod?.exec(params.bash_command, { timeoutSeconds });
    event.addEnrichment([markdown(result?.output ?? "")]);
    // @ts-expect-error a pod event has no node
    event.getNode();
    // @ts-expect-error no such parameter
    params.bash_comand;
    // @ts-expect-error the pod may be gone
    pod.metadata;
  },
});

export const myAction = action({
  name: "my_action",
  on: PodEvent,
  async run(event) {
    await event.getPod();
  },
});

export const podChangeMonitor = action({
  name: "pod_change_monitor",
  on: PodChangeEvent,
  run: (event, _params, { log }) => log.info(event.operation, { old: event.oldObj?.spec?.nodeName }),
});

export const anyChange = action({
  name: "any_change",
  on: KubernetesAnyChangeEvent,
  run: ({ obj }, _params, { log }) => log.info(obj.metadata.name),
});

export const argoAppSync = action({
  name: "argo_app_sync",
  on: ExecutionBaseEvent,
  run: (event) => event.addEnrichment([]),
});

export const silencer = action({
  name: "silencer",
  on: PrometheusKubernetesAlert,
  async run(event) {
    await Promise.all([event.getNode(), event.getPod()]);
    if (event.alertName === "Watchdog") event.stopProcessing();
  },
});

export const nodeBash = action({
  name: "node_bash_enricher",
  on: NodeEvent,
  async run(event) {
    await event.getNode();
  },
});
