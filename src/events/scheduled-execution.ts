import { ExecutionBaseEvent } from "./event.ts";
import { type EventClass, eventClass, type Is } from "./event-class.ts";

/** The time of a schedule has come. */
export interface ScheduledExecutionEvent extends ExecutionBaseEvent, Is<"ScheduledExecutionEvent"> {
  /** Which run of the schedule this is: 0 for the first. */
  readonly recurrence: number;
}
export const ScheduledExecutionEvent: EventClass<ScheduledExecutionEvent> = eventClass(
  "ScheduledExecutionEvent",
  ExecutionBaseEvent,
);
