/** Plays recorded webhooks, one after the other, and prints what becomes of them. */
import type { Settings } from "../settings.ts";
import type { TraceEvent } from "../trace.ts";
import { arrowsOf } from "./arrows.ts";
import { stayOffline } from "./offline.ts";
import { createScenes } from "./scenes.ts";
import { openStage, openWorld } from "./stage.ts";

export interface PlaySettings {
  readonly settings: Settings;
  /** Of the cluster: YAML and JSON files and folders; default a small shop. */
  readonly objects?: readonly string[];
  /** Whether sinks are told and the network is there; else this process stays offline from then on. */
  readonly send: boolean;
  /** Prints JSON in the end, instead of lines as they come. */
  readonly json: boolean;
  readonly colour: boolean;
  /** Told each line; of what cannot be read, in the second one. */
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}

const offline = "cortado play stays on this machine; with --send it does not";

/** Whether any playbook ran. Throws a ConfigurationError, and a BadRequestError for what is no webhook. */
export async function playAll(
  webhooks: readonly unknown[],
  { settings, objects, send, json, colour, say, warn }: PlaySettings,
): Promise<boolean> {
  const { onTrace, scenes } = createScenes();
  const onBoth = (event: TraceEvent) => {
    onTrace(event);
    if (json) return;
    for (const line of arrowsOf(event, { colour, builtin: true })) say(line);
  };
  const world = await openWorld(objects, settings);
  try {
    const stage = await openStage({ settings, world, send, onTrace: onBoth });
    if (!send) stayOffline(offline);
    for (const webhook of webhooks) {
      const { quarantined } = await stage.play(webhook);
      for (const { at, reason } of quarantined) warn(`${at} could not be read: ${reason}`);
    }
    stage.close();
  } finally {
    await world.close();
  }
  if (json) say(JSON.stringify(scenes(), undefined, 2));
  return scenes().some(({ playbooks }) => playbooks.some(({ ran }) => ran));
}
