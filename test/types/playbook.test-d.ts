/** A playbook in TypeScript compiles where every action takes what every trigger emits. Checked by `npm run types`. */
import type {
  DeploymentEvent,
  KubernetesAnyChangeEvent,
  NodeEvent,
  PodChangeEvent,
  PodEvent,
  PrometheusKubernetesAlert,
} from "../../src/index.ts";
import { playbook } from "../../src/playbooks/playbook.ts";
import { useTrigger } from "../../src/triggers/trigger.ts";
import { onAnyChange, onPodUpdate, onPrometheusAlert } from "../playbooks/vocabulary.ts";
import { anyChange, argoAppSync, myAction, nodeBash, podBashEnricher, podChangeMonitor, silencer } from "./actions.ts";

const alert = useTrigger(onPrometheusAlert, { alert_name: "KubePodCrashLooping" });
const podUpdate = useTrigger(onPodUpdate, {});
const change = useTrigger(onAnyChange, {});
const bash = podBashEnricher.with({ bash_command: "ls" });

playbook({ triggers: [podUpdate], actions: [bash, myAction.with({}), podChangeMonitor.with({}), anyChange.with({})] });
playbook({
  triggers: [alert],
  actions: [bash, nodeBash.with({}), silencer.with({}), argoAppSync.with({})],
  stop: true,
});
playbook({ triggers: [change], actions: [anyChange.with({}), argoAppSync.with({})], sinks: ["main"] });
playbook({ triggers: [podUpdate, alert], actions: [bash, argoAppSync.with({})] });

// @ts-expect-error an alert is not the change of a pod
playbook({ triggers: [alert], actions: [podChangeMonitor.with({})] });
// @ts-expect-error the change of a pod is not an alert
playbook({ triggers: [podUpdate], actions: [silencer.with({})] });
// @ts-expect-error not every change is about a pod
playbook({ triggers: [change], actions: [bash] });
// @ts-expect-error the first trigger would do, the second does not
playbook({ triggers: [podUpdate, alert], actions: [podChangeMonitor.with({})] });
// @ts-expect-error nor the other way round
playbook({ triggers: [podUpdate, alert], actions: [bash, silencer.with({})] });
// @ts-expect-error no such parameter of the trigger
useTrigger(onPrometheusAlert, { alert_nam: "X" });

declare const podChange: PodChangeEvent;
declare const anAlert: PrometheusKubernetesAlert;
declare const deployment: DeploymentEvent;
declare const members: Omit<PodEvent, `~${string}`>;

export const parents: [PodEvent, KubernetesAnyChangeEvent, PodEvent, NodeEvent] = [
  podChange,
  podChange,
  anAlert,
  anAlert,
];
// @ts-expect-error a deployment event is no pod event
export const sibling: PodEvent = deployment;
// @ts-expect-error a look-alike is none either
export const lookAlike: PodEvent = members;
