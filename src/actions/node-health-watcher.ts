import { action, diff, NodeChangeEvent } from "../index.ts";
import { readableChanges } from "./shared/changes.ts";
import { conditionsTable } from "./shared/conditions.ts";
import { nameOf } from "./shared/events.ts";

/** Long enough for a node that stays away to be told once. */
const onceInSeconds = 7 * 24 * 3600;

export const nodeHealthWatcher = action({
  name: "node_health_watcher",
  description: "Makes a finding when a node stops being ready: what changed, and its conditions.",
  on: NodeChangeEvent,
  effects: "read",
  permissions: [],
  async run(event, _params, { log, rateLimiter }) {
    const { obj, oldObj, operation } = event;
    const { name } = obj.metadata;
    const ready = readiness(obj);
    if (operation !== "update" || ready === undefined)
      return log.info("nothing is said of the node's health", { name });
    if (ready.status === "True") return log.info("the node is ready", { name });
    if (oldObj !== undefined && readiness(oldObj)?.status !== "True")
      return log.info("it was not ready before", { name });
    // Where nobody knows how it was before, the moment of the transition tells one time from the next.
    const id = `${name}/${ready.lastTransitionTime ?? obj.metadata.resourceVersion}`;
    if (!(await rateLimiter.markAndTest("node_health_watcher", id, onceInSeconds)))
      return log.info("told already", { name });
    event.addFinding({ title: `Unhealthy node ${name}`, aggregationKey: "node_not_ready", severity: "HIGH" });
    const changes = readableChanges(event);
    event.addEnrichment([
      ...(changes.length === 0 ? [] : [diff(nameOf(obj), changes)]),
      conditionsTable(obj.status?.conditions ?? []),
    ]);
  },
});

const readiness = ({ status }: NodeChangeEvent["obj"]) => status?.conditions?.find(({ type }) => type === "Ready");
