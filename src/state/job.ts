/** What is to be run of a delivery that was decided upon, and as which run. */
import type { Decision, Repeat } from "./decision.ts";
import type { Lease } from "./state.ts";

export interface Job {
  /** The run's id and the number of this attempt: those of an earlier attempt, a copy's included, where the decision resumes it. */
  readonly run: string;
  readonly attempt: number;
  readonly episode: string;
  readonly late: boolean;
  /** Present where only playbooks that are due again are run. */
  readonly repeat: Repeat | undefined;
}

export function jobOf(decision: Decision, { slot, slots }: Pick<Lease<unknown>, "slot" | "slots">): Job {
  const decided: Partial<Decision & { do: "run" }> = decision.do === "run" ? decision : {};
  const { run = slot.run, late = false } = decided;
  const repeat = decision.do === "same" ? decision.repeat : undefined;
  const copies = slots.filter((other) => other.run === run && other.delivery !== slot.delivery);
  return {
    run,
    attempt: copies.reduce((sum, other) => sum + other.attempts, slot.attempts),
    episode: repeat?.episode ?? decided.episode ?? run,
    late,
    repeat,
  };
}
