/** The thread of the author's loop: it plays one webhook after the other, each on a stage of its own. */
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { describeError, isCortadoError } from "../errors.ts";
import type { Sources } from "../playbooks/manifest.ts";
import type { Settings } from "../settings.ts";
import { arrowsOf } from "./arrows.ts";
import { stayOffline } from "./offline.ts";
import { openStage, openWorld } from "./stage.ts";

export interface LoopThreadData {
  readonly settings: Settings;
  readonly objects?: readonly string[];
  readonly send: boolean;
  readonly colour: boolean;
  /** For what is in files while it runs. */
  readonly folder: string;
}

/** What it is asked: to play this, or, without it, to load alone. */
export interface LoopQuestion {
  readonly webhook?: unknown;
}

export type LoopMessage =
  | { readonly type: "line"; readonly text: string }
  /** What it is made of on this machine: absolute paths of files and folders. */
  | { readonly type: "sources"; readonly paths: readonly string[] }
  | { readonly type: "done"; readonly ok: boolean };

const offline = "cortado dev stays on this machine; with --send it does not";

if (parentPort !== null) serve(parentPort, workerData);

function serve(port: NonNullable<typeof parentPort>, { settings, objects, send, colour, folder }: LoopThreadData) {
  const tell = (message: LoopMessage) => port.postMessage(message);
  const say = (text: string) => tell({ type: "line", text });
  const newWorld = () => {
    const opening = openWorld(objects, settings, folder);
    // Whoever awaits it is told.
    opening.catch(() => undefined);
    return opening;
  };
  let next = newWorld();

  const answer = async ({ webhook }: LoopQuestion) => {
    const world = await next;
    const stage = await openStage({
      settings,
      world,
      send,
      onTrace: (event) => arrowsOf(event, { colour }).forEach(say),
      onSources: (sources) => tell({ type: "sources", paths: pathsOf(sources) }),
    });
    const lift = send ? () => undefined : stayOffline(offline);
    try {
      const { quarantined } = webhook === undefined ? { quarantined: [] } : await stage.play(webhook);
      for (const { at, reason } of quarantined) say(`${at} could not be read: ${reason}`);
    } finally {
      lift();
      stage.close();
    }
  };

  port.on("message", async (question: LoopQuestion) => {
    const used = next;
    let ok = true;
    try {
      await answer(question);
    } catch (error) {
      ok = false;
      say(isCortadoError(error) ? error.message : describeError(error));
    }
    tell({ type: "done", ok });
    // Made ahead, while nobody waits.
    next = newWorld();
    await used.then((world) => world.close()).catch(() => undefined);
  });
}

function pathsOf({ files, repositories }: Sources): string[] {
  const local = repositories.filter(({ url }) => url.startsWith("file:")).map(({ url }) => fileURLToPath(url));
  return [...files, ...local];
}
