/** A generation from settings: what is configured, with everything that it may name. */
import path from "node:path";
import { slackAppsOf } from "../buttons/apps.ts";
import type { Problem } from "../errors.ts";
import type { DeliveryState } from "../pipeline-services.ts";
import { isAction } from "../playbooks/action.ts";
import { factsOf } from "../playbooks/action-facts.ts";
import { defaultSections } from "../playbooks/defaults.ts";
import type { Generation } from "../playbooks/generation.ts";
import { type Manifest, type Sources, watchedPlaybooks } from "../playbooks/manifest.ts";
import { readConfiguration } from "../playbooks/read-configuration.ts";
import type { Settings } from "../settings.ts";
import { sinkTypes } from "../sinks/sink-types.ts";
import type { Scrubber } from "../tools/scrub.ts";
import { triggers } from "../triggers/triggers.ts";
import { clusterNameOf } from "./clusters.ts";
import { bundlesDirOf, openPushed } from "./pushed.ts";

/** The settings with what the configuration's file holds now. Throws a ConfigurationError where it cannot be read. */
export async function withText(settings: Settings): Promise<Settings & { readonly text: string }> {
  const optional = settings.configurationIsOptional ?? false;
  return { ...settings, text: await readConfiguration(settings.configuration, { optional }) };
}

/** Where repositories that are elsewhere are fetched into. */
export const fetchDirOf = ({ dataDirectory }: Settings): string => path.join(dataDirectory, "repositories");

export async function loadGenerationFrom(
  settings: Settings,
  pushed: DeliveryState["pushed"],
  scrubber: Scrubber,
  onSources: (sources: Sources) => void,
): Promise<Generation> {
  const { loadGeneration } = await import("../playbooks/generation.ts");
  const text = settings.text ?? (await withText(settings)).text;
  const generation = await loadGeneration({
    file: settings.configuration,
    env: settings.env,
    scrubber,
    workDir: bundlesDirOf(settings),
    pushed: () => openPushed(settings, pushed),
    fetchDir: fetchDirOf(settings),
    onSources,
    text,
    ...(settings.assumeReferences ? { references: "assume" } : {}),
    ...(settings.bundles === undefined ? {} : { bundles: settings.bundles }),
    ...(await vocabulary()),
  });
  if (text !== "") return generation;
  return { ...generation, notices: [...generation.notices, nothingConfigured(settings, generation)] };
}

function nothingConfigured({ configuration }: Settings, { sinks }: Generation): Problem {
  const where = sinks.length > 0 ? `go to ${sinks.map(({ name }) => name).join(", ")}` : "are printed here";
  return {
    at: configuration,
    message: `There is no configuration: the built-in playbooks run, and findings ${where}.`,
  };
}

/** Every name that a configuration may use, and what stands where it says nothing. */
export async function vocabulary() {
  const builtin = await import("../actions/all.ts");
  return {
    triggers,
    builtinActions: Object.values(builtin).filter(isAction),
    sinkTypes,
    defaults: defaultSections,
  };
}

export function manifestOf({ hash, configuration, playbooks, actions, sinks, bundles }: Generation): Manifest {
  const { clusterLabel, alertRelabel, tokens, signers, globalConfig, lightActions } = configuration;
  return {
    generation: hash,
    playbooks: watchedPlaybooks(playbooks),
    tokens,
    signers,
    clusters: {
      clusterName: clusterNameOf(configuration),
      ...(clusterLabel === undefined ? {} : { clusterLabel }),
      known: [clusterNameOf(configuration), ...configuration.clusters.map(({ name }) => name)],
    },
    relabel: alertRelabel,
    actions: actions.map((action) => factsOf(action, globalConfig)),
    lightActions,
    slackApps: slackAppsOf(sinks),
    bundles,
  };
}
