import { action, ExecutionBaseEvent } from "../index.ts";
import { attachForeignLogs, foreignLogParams } from "./shared/foreign-logs.ts";

export const foreignLogsEnricher = action({
  name: "foreign_logs_enricher",
  description:
    "Attaches the logs of other pods than the event's, which their labels find: of a gateway, of an operator.",
  on: ExecutionBaseEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ],
  params: foreignLogParams,
  run: (event, params, { log }) => attachForeignLogs(event, params, log),
});
