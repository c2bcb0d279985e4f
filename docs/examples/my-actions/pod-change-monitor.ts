import { action, PodChangeEvent } from "cortado";

export const podChangeMonitor = action({
  name: "pod_change_monitor",
  description: "Logs what happened to a pod, with the pod before and after it.",
  on: PodChangeEvent,
  effects: "read",
  run(event, _params, { log }) {
    const { operation, obj, oldObj } = event;
    log.info(`pod ${obj.metadata.name}: ${operation}`, { operation, obj, oldObj });
  },
});
