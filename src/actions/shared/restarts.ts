/** What a pod's status says of containers that have crashed. */
import { type Pod, parseKubernetesDatetime } from "../../index.ts";

export type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];
type Terminated = NonNullable<NonNullable<ContainerStatus["lastState"]>["terminated"]>;

/** The containers that have been restarted, init containers too, most restarts first. */
export function restartedContainers({ status }: Pod): ContainerStatus[] {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.filter(({ restartCount }) => restartCount > 0).sort((a, b) => b.restartCount - a.restartCount);
}

/** `*api*: 3 restarts, now waiting (CrashLoopBackOff). The last run ended with exit code 1 (Error) after 2 s, at …` */
export function restartLine(status: ContainerStatus): string {
  const { name, restartCount, lastState } = status;
  const times = restartCount === 1 ? "1 restart" : `${restartCount} restarts`;
  const state = stateWords(status);
  const now = state === undefined ? "" : `, now ${state}`;
  const last = lastState?.terminated;
  return `*${name}*: ${times}${now}.${last ? ` The last run ended ${endWords(last)}.` : ""}`;
}

function stateWords({ state, ready }: ContainerStatus): string | undefined {
  if (state?.waiting) return `waiting${inBrackets(state.waiting.reason)}`;
  if (state?.terminated) return `terminated${inBrackets(state.terminated.reason)}`;
  return state?.running ? `running${ready ? "" : " but not ready"}` : undefined;
}

/** Without the termination message: it can be the end of the log, which is only to be shown redacted. */
function endWords({ exitCode, reason, startedAt, finishedAt }: Terminated): string {
  const began = timeOf(startedAt);
  const ended = timeOf(finishedAt);
  const after = began && ended ? ` after ${Math.round((ended.getTime() - began.getTime()) / 1000)} s` : "";
  const at = ended ? `, at ${ended.toISOString().slice(0, 19).replace("T", " ")} UTC` : "";
  return `with exit code ${exitCode}${inBrackets(reason)}${after}${at}`;
}

const inBrackets = (reason: string | undefined) => (reason ? ` (${reason})` : "");

/** A container that could not be started has the epoch, or nothing. */
function timeOf(text: string | null | undefined): Date | undefined {
  const date = text ? parseKubernetesDatetime(text) : undefined;
  return date && date.getTime() > 0 ? date : undefined;
}
