/** The sinks of a generation, and the buttons that they may offer. */
import { slackAppsOf } from "../buttons/apps.ts";
import { ConfigurationError } from "../errors.ts";
import type { Clusters } from "../kubernetes/clusters.ts";
import { secretReader } from "../kubernetes/secrets.ts";
import type { Generation } from "../playbooks/generation.ts";
import { neverByHand } from "../playbooks/invocation.ts";
import { check } from "../playbooks/params.ts";
import type { SecretReader } from "../playbooks/references.ts";
import { routingSchema, type SinkEntry } from "../sinks/open-sinks.ts";
import type { Buttons } from "../sinks/sink.ts";
import { clusterNameOf } from "./clusters.ts";

/** What can be run by hand can be a button, where somebody answers it. */
export function buttonsOf({ sinks, actions, configuration: { lightActions } }: Generation): Buttons {
  const apps = slackAppsOf(sinks);
  return {
    offer(sink, choice) {
      const action = actions.find(({ name }) => name === choice.action);
      if (action === undefined || neverByHand(action) !== undefined) return undefined;
      if (lightActions.length > 0 && !lightActions.includes(action.name)) return undefined;
      if (!apps.some((app) => app.sink === sink)) return undefined;
      return { destroys: action.effects === "destroy" };
    },
    now: Date.now,
  };
}

/** Where no sink is configured, findings are printed, so that nothing is ever told to nobody. */
const fallbackSink = { type: "console_sink", name: "console", params: { name: "console" } };

export function sinkEntries({ sinks, configuration }: Generation, clusters: Clusters): readonly SinkEntry[] {
  if (sinks.length === 0) return [fallbackSink];
  const readSecret: SecretReader = async (...of) => {
    const cluster = await clusters.open(clusterNameOf(configuration));
    return await secretReader(cluster)(...of);
  };
  return sinks.map(({ resolveParams, written, at, ...sink }) => {
    if (resolveParams === undefined) return sink;
    const routing = check(routingSchema, written, sink.type);
    if (routing.ok)
      return { ...sink, later: { routing: routing.value, resolveParams: () => resolveParams(readSecret) } };
    throw new ConfigurationError(routing.refusals.map(({ message }) => ({ at, message })));
  });
}
