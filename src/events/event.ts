/** The classes at the top of the lattice, and what every event can do. */
import type { Operation } from "../delivery.ts";
import type { Block, FieldChange } from "../findings/blocks.ts";
import type { Enrichment, Finding, Link, Severity, Subject } from "../findings/finding.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { type EventClass, eventClass, type Is } from "./event-class.ts";

export interface ExecutionBaseEvent extends Is<"ExecutionBaseEvent"> {
  /** The cluster that the event is about; its name, and its API. */
  readonly cluster: Cluster;
  /** What the event is about, as findings name it. */
  getSubject(): Subject;
  /** Adds blocks to the event's finding. The first one makes the finding. */
  addEnrichment(blocks: readonly Block[], options?: Pick<Enrichment, "title" | "type">): void;
  /** Adds a finding of its own; later enrichments go to it. Fields left out come from the event. */
  addFinding(finding: NewFinding): void;
  addLink(link: Link): void;
  /** Changes what the finding says, whichever action made it. */
  overrideFinding(attributes: FindingOverrides): void;
  /** Ends the work on this event: no further action and no further playbook runs. Findings made so far go out. */
  stopProcessing(): void;
}
export const ExecutionBaseEvent: EventClass<ExecutionBaseEvent> = eventClass("ExecutionBaseEvent");

export interface NewFinding extends FindingOverrides {
  readonly title: string;
  readonly aggregationKey: string;
}

export type FindingOverrides = Partial<Pick<Finding, "title" | "description" | "aggregationKey">> & {
  readonly severity?: Severity;
  /** Added to the labels of what the finding is about, for sinks that match on them; the event's own subject stays as it is. */
  readonly labels?: Readonly<Record<string, string>>;
};

/** An event about an object. */
export interface KubernetesResourceEvent extends ExecutionBaseEvent, Is<"KubernetesResourceEvent"> {
  /** The object, or undefined where the event names none or it is gone. Throws a ClusterError where the cluster cannot tell. */
  getResource(): Promise<KubernetesObject | undefined>;
}
export const KubernetesResourceEvent: EventClass<KubernetesResourceEvent> = eventClass(
  "KubernetesResourceEvent",
  ExecutionBaseEvent,
);

/** A change of an object. */
export interface KubernetesAnyChangeEvent extends KubernetesResourceEvent, Is<"KubernetesAnyChangeEvent"> {
  readonly operation: Operation;
  /** The object after the change; on a delete, as it was last. */
  readonly obj: KubernetesObject;
  /** The object before; only on an update, and only where the sender knew it. */
  readonly oldObj: KubernetesObject | undefined;
  /** What the change is, after the trigger's `change_filters`; empty but on an update whose old object is known. */
  readonly changes: readonly FieldChange[];
  /** True where a newer version of the object has been worked already. */
  readonly late: boolean;
}
export const KubernetesAnyChangeEvent: EventClass<KubernetesAnyChangeEvent> = eventClass(
  "KubernetesAnyChangeEvent",
  KubernetesResourceEvent,
);
