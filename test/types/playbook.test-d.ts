/** A playbook in TypeScript compiles where every action takes what every trigger emits. Checked by `npm run types`. */
import {
  action,
  type DeploymentEvent,
  HelmReleasesEvent,
  type KubernetesAnyChangeEvent,
  type NodeEvent,
  onPrometheusAlert as onAlert,
  onEventCreate,
  onKubernetesAnyResourceUpdate,
  onKubernetesResourceOperation,
  onSecretUpdate,
  PersistentVolumeClaimEvent,
  type PodChangeEvent,
  type PodEvent,
  type PrometheusKubernetesAlert,
  ScheduledExecutionEvent,
  SecretEvent,
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
const onVolumes = action({ name: "volumes", on: PersistentVolumeClaimEvent, run: () => undefined }).with({});
const onSecrets = action({
  name: "secrets",
  on: SecretEvent,
  run: async (event) => void (await event.getSecret())?.data?.key,
}).with({});
const onSchedule = action({
  name: "schedule",
  on: ScheduledExecutionEvent,
  run: ({ recurrence }, _params, { log }) => log.info(recurrence.toFixed()),
}).with({});
const onHelm = action({
  name: "helm",
  on: HelmReleasesEvent,
  run: ({ helmRelease }, _params, { log }) => log.info(`${helmRelease.name} ${helmRelease.info.status}`),
}).with({});
const rollouts = onKubernetesAnyResourceUpdate({ group: "argoproj.io", kind: "Rollout" });
const operations = onKubernetesResourceOperation({ resources: ["deployment"], operations: ["create", "delete"] });

playbook({ triggers: [onAlert({})], actions: [onVolumes, argoAppSync.with({})] });
playbook({ triggers: [onSecretUpdate({})], actions: [onSecrets, anyChange.with({})] });
playbook({ triggers: [rollouts, operations, onEventCreate({})], actions: [anyChange.with({}), argoAppSync.with({})] });

// @ts-expect-error alerts name no Secret
playbook({ triggers: [onAlert({})], actions: [onSecrets] });
// @ts-expect-error not every operation is one on a Secret
playbook({ triggers: [operations], actions: [onSecrets] });
// @ts-expect-error an alert is no schedule
playbook({ triggers: [onAlert({})], actions: [onSchedule] });
// @ts-expect-error nor is a change one of Helm
playbook({ triggers: [rollouts], actions: [onHelm] });
// @ts-expect-error there is no such operation
onKubernetesResourceOperation({ operations: ["patch"] });
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
