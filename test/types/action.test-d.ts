/** An action cannot need more than the class it asks for says. Checked by `npm run types`. */
import * as z from "zod";
import { type Action, action, PodChangeEvent, PodEvent, type Step } from "../../src/index.ts";
import type { AnyAction } from "../../src/playbooks/action.ts";
import { myAction, podBashEnricher, podChangeMonitor, silencer } from "./actions.ts";

const needsAChange = (event: PodChangeEvent) => void event.oldObj;

// @ts-expect-error run needs more than the class it asks for
export const hole = action({ name: "hole", on: PodEvent, run: needsAChange });
// @ts-expect-error the same, with a type on the result
export const typedHole: Action<PodChangeEvent> = action({ name: "hole", on: PodEvent, run: needsAChange });

/** A run that needs less is fine. */
export const needsLess = action({
  name: "needs_less",
  on: PodChangeEvent,
  async run(event: PodEvent) {
    await event.getPod();
  },
});

export const params = action({
  name: "params",
  on: PodChangeEvent,
  params: z.strictObject({ n: z.int().default(1) }),
  run: (event, { n }, { log, signal }) => (signal.aborted ? undefined : log.info(`${event.operation} ${n.toFixed()}`)),
});

// @ts-expect-error an action without a run
action({ name: "unfinished", on: PodEvent });
// @ts-expect-error a parameter is missing
podBashEnricher.with({});
// @ts-expect-error no such parameter
podBashEnricher.with({ bash_command: "x", foo: 1 });
// @ts-expect-error a string is wanted
podBashEnricher.with({ bash_command: 1 });

export const step: Step<PodChangeEvent> = podBashEnricher.with({ bash_command: "x" });
export const list: readonly AnyAction[] = [podBashEnricher, myAction, silencer];
export const wider: Action<PodChangeEvent, typeof podBashEnricher.params> = podBashEnricher;
// @ts-expect-error one for changes cannot stand for one for all pod events
export const narrower: Action<PodEvent> = podChangeMonitor;
