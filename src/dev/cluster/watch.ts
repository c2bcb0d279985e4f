/** watch: one JSON line a change, for as long as the client listens. */

import { revisionIn, selectorOf } from "./reading.ts";
import { type ApiRequest, integerIn } from "./request.ts";
import { Refusal } from "./status.ts";
import type { ApiObject, Change, ObjectStore } from "./store.ts";
import { inVersion } from "./versions.ts";

type Send = (type: Change["type"], object: ApiObject) => void;

/** From a revision on; without one, everything that is there first. */
export function watchObjects(store: ObjectStore, request: ApiRequest): ReadableStream<Uint8Array> {
  const { query, resource, apiVersion, namespace, signal } = request;
  const from = revisionIn(query);
  const selected = selectorOf(query, resource);
  const timeoutSeconds = integerIn(query, "timeoutSeconds");
  if (from !== undefined && from > 0 && from < store.oldestRevision) {
    throw new Refusal(410, "Expired", `too old resource version: ${from} (${store.oldestRevision})`);
  }
  let stop = (): void => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const encoder = new TextEncoder();
      const send: Send = (type, object) => {
        const line = JSON.stringify({ type, object: inVersion(object, resource, apiVersion) });
        controller.enqueue(encoder.encode(`${line}\n`));
      };
      const current = from === undefined || from === 0 ? store.list(resource, namespace).filter(selected) : [];
      for (const object of current) send("ADDED", object);
      const unwatch = store.watch(from === undefined || from === 0 ? store.revision : from, (change) => {
        const elsewhere = namespace !== undefined && change.object.metadata.namespace !== namespace;
        if (change.resource.kind === resource.kind && change.resource.group === resource.group && !elsewhere) {
          tell(change, selected, send);
        }
      });
      const timer = timeoutSeconds === undefined ? undefined : setTimeout(() => end(), timeoutSeconds * 1000);
      const end = (): void => {
        stop();
        controller.close();
      };
      stop = () => {
        unwatch();
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
      };
      signal.addEventListener("abort", end, { once: true });
    },
    cancel: () => stop(),
  });
}

/** An object that stops or begins to fit the selector is gone or new for this watcher. */
function tell({ type, object, before }: Change, selected: (object: ApiObject) => boolean, send: Send): void {
  const fits = selected(object);
  const fitted = before !== undefined && selected(before);
  if (type === "DELETED") {
    if (fitted) send("DELETED", object);
  } else if (fits) {
    send(fitted ? "MODIFIED" : "ADDED", object);
  } else if (fitted) {
    send("DELETED", object);
  }
}
