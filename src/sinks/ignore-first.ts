/** Leaving out the first findings of a group (`grouping`, `ignore_first`), before anything is told. */
import type { Delivery, MessageKey } from "../delivery.ts";
import type { Groups, MessageReference, Messages } from "../state/state.ts";
import { groupName, groupWords, traitsOf } from "./grouping.ts";
import { messageId } from "./message.ts";
import { originalPart, repeatedPart } from "./parts.ts";
import type { Plan, Task } from "./plan.ts";
import type { ConfiguredSink } from "./route.ts";
import { durationWords } from "./wording.ts";

export interface IgnoreFirstInput {
  readonly delivery: Pick<Delivery, "cluster" | "key">;
  readonly episode: string;
  readonly repeat: number;
}

export interface IgnoreFirstDependencies {
  readonly sinks: readonly ConfiguredSink[];
  readonly messages: Messages;
  readonly groups: Groups;
}

/**
 * The plan without what is not to be told. Every message that would be new is counted once; that it is ignored is kept, so that nobody is
 * told of its resolution either. Throws UnavailableError where the table is away: then nothing has been told.
 */
export async function leaveOutFirst(
  plan: Plan,
  input: IgnoreFirstInput,
  existing: readonly MessageReference[],
  dependencies: IgnoreFirstDependencies,
): Promise<Plan> {
  const tasks: Task[] = [];
  const skipped = [...plan.skipped];
  for (const task of plan.tasks) {
    const reason = await ignored(task, input, existing, dependencies);
    if (reason === undefined) tasks.push(task);
    else skipped.push({ sink: task.sink.name, part: task.part, outcome: "skipped", reason });
  }
  return { ...plan, tasks, skipped };
}

async function ignored(
  { sink, part, finding }: Task,
  input: IgnoreFirstInput,
  existing: readonly MessageReference[],
  { sinks, messages, groups }: IgnoreFirstDependencies,
): Promise<string | undefined> {
  const grouping = sinks.find((configured) => configured.sink === sink)?.params.grouping;
  const first = grouping?.notification_mode.regular?.ignore_first ?? 0;
  if (grouping === undefined || first === 0) return;
  const ours = existing.filter((message) => message.key.sink === sink.name);
  if (finding.status === "resolved") {
    // It edits them, or stands for them where the sink cannot edit.
    if (ours.some(({ state }) => state !== "ignored")) return;
    if (ours.length > 0) return "what it resolves was not told";
  }
  const traits = traitsOf(finding, grouping.group_by);
  const { delivery, episode, repeat } = input;
  const { cluster, key } = delivery;
  const message: MessageKey = { cluster, key, episode, sink: sink.name, part };
  // A repeat is a finding more, also where it would be the first message of the sink.
  const counted = { ...message, part: repeat === 0 ? part : repeatedPart(originalPart(part), repeat) };
  const options = { first, seconds: grouping.interval };
  if (!(await groups.isAmongFirst(groupName(sink.name, traits), messageId(counted), options))) return;
  // What an earlier attempt has posted, in another interval perhaps, stays posted.
  if (!(await messages.ignore(message))) return;
  const within = durationWords(grouping.interval * 1_000);
  return `among the first ${first} of its group (${groupWords(traits)}) within ${within}, which are not told`;
}
