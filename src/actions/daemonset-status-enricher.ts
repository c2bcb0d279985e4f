import { action, type DaemonSet, DaemonSetEvent, list } from "../index.ts";
import { conditionsTable } from "./shared/conditions.ts";

export const daemonsetStatusEnricher = action({
  name: "daemonset_status_enricher",
  description: "Shows on how many nodes a DaemonSet runs and should run, and says what the difference means.",
  on: DaemonSetEvent,
  effects: "read",
  permissions: [{ apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["get"] }],
  async run(event, _params, { log }) {
    const daemonSet = await event.getDaemonSet();
    if (daemonSet === undefined) return log.info("no DaemonSet, no status");
    const { conditions = [] } = daemonSet.status ?? {};
    const blocks = [list(counts(daemonSet)), ...(conditions.length > 0 ? [conditionsTable(conditions)] : [])];
    event.addEnrichment(blocks, { title: `Status of DaemonSet ${daemonSet.metadata.name}` });
    const advice = adviceFor(daemonSet);
    if (advice.length > 0) event.addEnrichment([list(advice)], { title: "What may help" });
  },
});

function counts({ status }: DaemonSet): string[] {
  const {
    desiredNumberScheduled = 0,
    currentNumberScheduled = 0,
    numberReady = 0,
    numberMisscheduled = 0,
  } = status ?? {};
  const { updatedNumberScheduled = 0, numberAvailable = 0 } = status ?? {};
  return [
    `Nodes that should run a pod of it: ${desiredNumberScheduled}; that do: ${currentNumberScheduled}`,
    `Pods: ${updatedNumberScheduled} up to date, ${numberReady} ready, ${numberAvailable} available`,
    `Nodes that run one and should not: ${numberMisscheduled}`,
  ];
}

function adviceFor({ spec, status }: DaemonSet): string[] {
  const { desiredNumberScheduled: desired = 0, currentNumberScheduled = 0, numberReady = 0 } = status ?? {};
  const { numberMisscheduled = 0, updatedNumberScheduled = 0 } = status ?? {};
  const byHand = spec?.updateStrategy?.type === "OnDelete";
  return [
    ...(numberMisscheduled > 0
      ? [
          "Pods run on nodes that have a taint which they do not tolerate, or no longer the labels that they select. Add the toleration if they belong there, else delete them.",
        ]
      : []),
    ...(currentNumberScheduled < desired
      ? ["On some nodes no pod could be made: see its events for a quota or an admission webhook that is in the way."]
      : []),
    ...(numberReady < currentNumberScheduled ? ["Some of its pods are not ready: see their events and logs."] : []),
    ...(byHand && updatedNumberScheduled < desired
      ? ["Its update strategy is OnDelete: pods become up to date only as they are deleted."]
      : []),
  ];
}
