/** Making an event asks for every member and for no mark; looking closer narrows. Checked by `npm run types`. */
import { createEvent } from "../../src/events/event-class.ts";
import { type ExecutionBaseEvent, isA, NodeEvent, PodChangeEvent, PodEvent } from "../../src/index.ts";

declare const base: Omit<ExecutionBaseEvent, `~${string}`>;
declare const podMembers: Pick<PodEvent, "getPod" | "getResource">;
declare const changeMembers: Pick<PodChangeEvent, "operation" | "obj" | "oldObj" | "changes" | "late">;

export const event = createEvent(PodChangeEvent, { ...base, ...podMembers, ...changeMembers });
// @ts-expect-error a change event needs the operation and both versions
createEvent(PodChangeEvent, { ...base, ...podMembers });

export async function look(general: ExecutionBaseEvent) {
  if (isA(general, PodEvent)) await general.getPod();
  // @ts-expect-error not every event is about a pod
  general.getPod();
  if (isA(general, NodeEvent)) await general.getNode();
}
