/** The built-in actions, as a playbook repository. */
export * from "./cordon.ts";
export * from "./create-finding.ts";
export * from "./default-enricher.ts";
export * from "./delete-pod.ts";
export * from "./drain.ts";
export * from "./logs-enricher.ts";
export * from "./node-allocatable-resources-enricher.ts";
export * from "./node-pods-capacity-enricher.ts";
export * from "./node-running-pods-enricher.ts";
export * from "./node-status-enricher.ts";
export * from "./pod-events-enricher.ts";
export * from "./report-crash-loop.ts";
export * from "./severity-silencer.ts";
export * from "./template-enricher.ts";
export * from "./uncordon.ts";
