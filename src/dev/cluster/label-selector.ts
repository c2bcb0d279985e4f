/** Label selectors of requests, refused as the API server refuses them. */
import { LabelSelectorError, meets, parseLabelSelector } from "../../kubernetes/label-selector.ts";
import { badRequest } from "./status.ts";
import type { ApiObject } from "./store.ts";

export type Selector = (object: ApiObject) => boolean;

export function labelSelector(text: string): Selector {
  const requirements = parsed(text);
  return ({ metadata }) => requirements.every((requirement) => meets(metadata.labels ?? {}, requirement));
}

function parsed(text: string) {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    throw error instanceof LabelSelectorError ? badRequest(error.message) : error;
  }
}
