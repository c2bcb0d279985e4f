/** What is wrong with a pod, as far as its status tells, and what to look at next. */
import type { Pod } from "../../index.ts";
import { waitsForImage } from "./image-pulls.ts";
import { type ContainerStatus, restartLine } from "./restarts.ts";

export interface PodIssue {
  readonly what: string;
  readonly next: string;
}

/** Undefined where nothing is wrong, or nothing that its status tells. */
export function issueOf(pod: Pod): PodIssue | undefined {
  return evicted(pod) ?? unscheduled(pod) ?? containerIssue(pod) ?? unready(pod);
}

function evicted({ status }: Pod): PodIssue | undefined {
  if (status?.phase !== "Failed" || status.reason !== "Evicted") return undefined;
  return {
    what: `it was evicted${because(status.message)}`,
    next: "the conditions of its node (memory, disk, processes), and what the pod requests of them",
  };
}

function unscheduled({ status }: Pod): PodIssue | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status !== "False") return undefined;
  return {
    what: `no node takes it${because(scheduled.message)}`,
    next: "what it requests and what the nodes have left, its node selector and tolerations, its volumes",
  };
}

/** Init containers come first: while one of them fails, the others only wait. */
function containerIssue({ status }: Pod): PodIssue | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const issues = all.flatMap((one) => waitingIssue(one) ?? endedIssue(one) ?? []);
  return issues[0] ?? startingIssue(all);
}

const startReasons = ["CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreStartHookError"];

function waitingIssue(status: ContainerStatus): PodIssue | undefined {
  const { name, image, state } = status;
  const { reason = "", message } = state?.waiting ?? {};
  if (waitsForImage.test(reason)) {
    return {
      what: `the image ${image} of container ${name} cannot be pulled (${reason})`,
      next: "the image's name and tag, the registry, and the pod's image pull secret",
    };
  }
  if (startReasons.includes(reason)) {
    return {
      what: `container ${name} cannot be started (${reason})${because(message)}`,
      next: "the ConfigMaps, Secrets and volumes that it names, and its command",
    };
  }
  return reason === "CrashLoopBackOff"
    ? { what: restartLine(status).replace(/\.$/, ""), next: afterCrash(status) }
    : undefined;
}

/** A container that is not restarted, or not yet. */
function endedIssue(status: ContainerStatus): PodIssue | undefined {
  const { name, state } = status;
  if (!state?.terminated || state.terminated.exitCode === 0) return undefined;
  const { exitCode, reason } = state.terminated;
  return {
    what: `container ${name} ended with exit code ${exitCode}${reason ? ` (${reason})` : ""}`,
    next: afterEnd(status, state.terminated),
  };
}

const afterCrash = (status: ContainerStatus) => afterEnd(status, status.lastState?.terminated ?? {});

interface End {
  readonly exitCode?: number;
  readonly reason?: string;
}

function afterEnd({ name }: ContainerStatus, { exitCode, reason }: End): string {
  if (reason === "OOMKilled") return `the memory limit of container ${name}, and what it uses`;
  if (reason === "StartError" || reason === "ContainerCannotRun" || exitCode === 126 || exitCode === 127) {
    return `the command of container ${name}, and whether its image has it`;
  }
  if (exitCode === 137 || exitCode === 143)
    return `its liveness probe, and the log of container ${name} from before it was killed`;
  return `the log of the last run of container ${name}`;
}

/** Which reasons say no more than that it takes its time. */
function startingIssue(all: readonly ContainerStatus[]): PodIssue | undefined {
  const starting = all.find(({ state }) => state?.waiting && state.waiting.reason !== "Completed");
  if (starting === undefined) return undefined;
  const { reason = "no reason given", message } = starting.state?.waiting ?? {};
  return {
    what: `container ${starting.name} has not started (${reason})${because(message)}`,
    next: "the events about the pod: volumes that cannot be mounted, a network that cannot be set up",
  };
}

function unready({ status }: Pod): PodIssue | undefined {
  if (status?.phase === "Succeeded") return undefined;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return undefined;
  const names = (status?.containerStatuses ?? []).filter(({ ready }) => !ready).map(({ name }) => name);
  if (names.length > 0) {
    return {
      what: `it runs, but ${names.join(", ")} ${names.length === 1 ? "is" : "are"} not ready`,
      next: "the readiness probe, and the container's log",
    };
  }
  return ready && { what: `it is not ready${because(ready.message)}`, next: "its readiness gates, and its node" };
}

const because = (message: string | undefined | null) => (message ? `: ${message.replace(/\.$/, "")}` : "");
