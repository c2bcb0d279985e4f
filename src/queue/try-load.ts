import { type Problem, problemsOf } from "../errors.ts";
import { startThread, type ThreadOptions } from "./pool-thread.ts";

/** Why something would not load, tried in a thread of its own that works nothing; nothing where it would. Never throws. */
export async function tryToLoad(
  options: Pick<ThreadOptions, "entry" | "settings" | "maximumSilence" | "signal">,
): Promise<readonly Problem[]> {
  const ignore = () => undefined;
  try {
    const thread = await startThread({ ...options, onTrace: ignore, onWake: ignore, onSources: ignore });
    await thread.stop();
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}
