/** The built-in actions, as a playbook repository. */
export * from "./create-finding.ts";
export * from "./default-enricher.ts";
export * from "./delete-pod.ts";
export * from "./logs-enricher.ts";
export * from "./pod-events-enricher.ts";
export * from "./report-crash-loop.ts";
export * from "./severity-silencer.ts";
export * from "./template-enricher.ts";
