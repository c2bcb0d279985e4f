/**
 * Writes the object types and event classes of every kind in src/kubernetes/kinds.ts. Run by `npm run generate`, which then formats
 * them; a test holds the files to what this prints.
 */
import { writeFileSync } from "node:fs";
import { kinds } from "../src/kubernetes/kinds.ts";

const warning = "// Written by `npm run generate` from src/kubernetes/kinds.ts. Do not edit.";

/** What the DOM and this code base already call by these names. */
const renamed: Readonly<Record<string, string>> = { Event: "KubernetesEvent", Node: "KubernetesNode" };
const typeOf = (kind: string) => renamed[kind] ?? kind;

const all = Object.entries(kinds);
const withEvents = all.filter(([, info]) => info.events).map(([kind]) => kind);

const objects = `${warning}
import type {
${all
  .map(([, info]) => `  ${info.model},`)
  .sort()
  .join("\n")}
} from "@kubernetes/client-node";
import type { ObjectMembers, PodMembers } from "./kubernetes.ts";
import type { Stored } from "./objects.ts";

${all
  .map(([kind, { model }]) => {
    const members = kind === "Pod" ? "ObjectMembers, PodMembers" : "ObjectMembers";
    return `export interface ${typeOf(kind)} extends Stored<${model}>, ${members} {}`;
  })
  .join("\n")}

export interface ObjectTypes {
${all.map(([kind]) => `  ${kind}: ${typeOf(kind)};`).join("\n")}
}
`;

const events = `${warning}
import type {
${withEvents
  .map((kind) => `  ${typeOf(kind)},`)
  .sort()
  .join("\n")}
} from "../kubernetes/objects.gen.ts";
import { KubernetesAnyChangeEvent, KubernetesResourceEvent } from "./event.ts";
import { type EventClass, eventClass, type Is } from "./event-class.ts";

${withEvents
  .map(
    (kind) => `export interface ${kind}Event extends KubernetesResourceEvent, Is<"${kind}Event"> {
  /** The ${kind}, or undefined where the event names none or it is gone. */
  get${kind}(): Promise<${typeOf(kind)} | undefined>;
}
export const ${kind}Event: EventClass<${kind}Event> = eventClass("${kind}Event", KubernetesResourceEvent);

export interface ${kind}ChangeEvent extends ${kind}Event, KubernetesAnyChangeEvent, Is<"${kind}ChangeEvent"> {
  readonly obj: ${typeOf(kind)};
  readonly oldObj: ${typeOf(kind)} | undefined;
}
export const ${kind}ChangeEvent: EventClass<${kind}ChangeEvent> = eventClass(
  "${kind}ChangeEvent",
  ${kind}Event,
  KubernetesAnyChangeEvent,
);
`,
  )
  .join("\n")}
`;

const eventClasses = `${warning}
import {
${withEvents
  .flatMap((kind) => [`  ${kind}ChangeEvent,`, `  ${kind}Event,`])
  .sort()
  .join("\n")}
} from "./kubernetes.gen.ts";

/** The event classes of a kind: of an event about one of its objects, and of a change of one. */
export const eventClasses = {
${withEvents.map((kind) => `  ${kind}: { resource: ${kind}Event, change: ${kind}ChangeEvent },`).join("\n")}
} as const;

export type EventKind = keyof typeof eventClasses;
`;

const operations = ["create", "update", "delete", "all_changes"] as const;
const pascal = (snake: string) => snake.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());

const triggers = `${warning}
import type {
${withEvents
  .map((kind) => `  ${kind}ChangeEvent,`)
  .sort()
  .join("\n")}
} from "../events/kubernetes.gen.ts";
import { type ChangeTrigger, changeTrigger } from "./object-changes.ts";

${withEvents
  .flatMap((kind) =>
    operations.map(
      (operation) =>
        `export const on${kind}${pascal(operation)}: ChangeTrigger<${kind}ChangeEvent> = changeTrigger("${kind}", "${operation}");`,
    ),
  )
  .join("\n")}
`;

/** By path. */
export const files: Readonly<Record<string, string>> = {
  "src/kubernetes/objects.gen.ts": objects,
  "src/events/kubernetes.gen.ts": events,
  "src/events/event-classes.gen.ts": eventClasses,
  "src/triggers/kinds.gen.ts": triggers,
};

if (import.meta.main) {
  for (const [file, text] of Object.entries(files)) writeFileSync(new URL(`../${file}`, import.meta.url), text);
}
