/** What became of each delivery, for programs: the events of the trace, put together. */
import type { Finding } from "../findings/finding.ts";
import type { ClusterCall } from "../kubernetes/kubernetes.ts";
import { inWords, type NoMatch, type SinkResult, type TraceEvent } from "../trace.ts";

export interface Scene {
  readonly delivery: TraceEvent["delivery"];
  /** Why it was worked, or why not. */
  readonly decision: string;
  /** Every playbook: whether it ran, and why not. */
  readonly playbooks: readonly { readonly name: string; readonly ran: boolean; readonly reason?: string }[];
  readonly calls: readonly ClusterCall[];
  readonly steps: readonly Omit<TraceEvent & { readonly type: "step" }, "type" | "delivery">[];
  readonly findings: readonly { readonly part: string; readonly finding: Finding }[];
  readonly sinks: readonly SinkResult[];
  /** Why it is not at its end. */
  readonly later?: string;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };

/** Collects scenes from a trace, in the order in which their deliveries came. */
export function createScenes() {
  const scenes = new Map<string, Writable<Scene>>();
  const of = (delivery: TraceEvent["delivery"]): Writable<Scene> => {
    const name = `${delivery.key} ${delivery.id}`;
    const known = scenes.get(name);
    if (known !== undefined) return known;
    const scene = { delivery, decision: "", playbooks: [], calls: [], steps: [], findings: [], sinks: [] };
    scenes.set(name, scene);
    return scene;
  };
  return {
    onTrace: (event: TraceEvent) => add(of(event.delivery), event),
    scenes: (): readonly Scene[] => [...scenes.values()],
  };
}

const stayed = (others: readonly NoMatch[]) =>
  others.map(({ playbook, reason }) => ({ name: playbook, ran: false, reason }));

function add(scene: Writable<Scene>, event: TraceEvent): void {
  switch (event.type) {
    case "unmatched":
      scene.decision = "it concerns no playbook";
      scene.playbooks.push(...stayed(inWords(event.refusals)));
      return;
    case "recognised":
    case "taken":
      scene.decision = event.reason;
      return;
    case "matched":
      scene.playbooks.push(...event.playbooks.map((name) => ({ name, ran: true })), ...stayed(event.others));
      return;
    case "call":
      scene.calls.push(event.call);
      return;
    case "step": {
      const { type: _, delivery: __, ...step } = event;
      scene.steps.push(step);
      return;
    }
    case "finding":
      scene.findings.push({ part: event.part, finding: event.finding });
      return;
    case "notified":
      scene.sinks.push(event.result);
      return;
    case "later":
      scene.later = event.reason;
  }
}
