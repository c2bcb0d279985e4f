/** The trace as log lines: what an operator wants to know of each delivery, and at `debug` why nothing came of one. */
import type { Logger } from "../log.ts";
import { inWords, type TraceEvent, type Tracer } from "../trace.ts";

export function logTrace(log: Logger): Tracer {
  return (event: TraceEvent) => {
    const { title, cluster, key } = event.delivery;
    const delivery = { delivery: title, cluster, key };
    switch (event.type) {
      case "ended":
        return log.info("delivery worked", { ...delivery, run: event.run, milliseconds: event.milliseconds });
      case "later":
        return log.warn("delivery postponed", {
          ...delivery,
          reason: event.reason,
          until: new Date(event.at).toISOString(),
        });
      case "dead":
        return log.error("given up", { ...delivery, reasons: event.reasons });
      case "notified":
        if (event.result.outcome === "failed")
          log.warn("a sink did not take a finding", { ...delivery, ...event.result });
        return;
      case "step":
        return logStep(log, event, delivery);
      case "recognised":
        return log.debug("delivery known already", { ...delivery, reason: event.reason });
      case "unmatched":
        return log.debug("delivery matches no playbook", {
          ...delivery,
          // Only where the log is that fine.
          playbooks: { toJSON: () => inWords(event.refusals) },
        });
    }
  };
}

function logStep(log: Logger, step: TraceEvent & { type: "step" }, delivery: Readonly<Record<string, string>>): void {
  const { playbook, action, state, reason, milliseconds } = step;
  if (reason === undefined) return;
  const failed = state === "failed" || state === "timed out";
  log[failed ? "warn" : "info"](`action ${state}`, { ...delivery, playbook, action, reason, milliseconds });
}
