/** Refusals in the API server's words: the Status objects that it answers with. */

import type { Resource } from "./resources.ts";

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Record<string, never>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** Thrown by whatever serves a request; the server answers with its Status. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: number;
  readonly status: Status;

  constructor(code: number, reason: string | undefined, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

/** How messages and details name a resource: `pods`, `deployments.apps`. */
export const qualified = ({ plural, group }: Pick<Resource, "plural" | "group">): string =>
  group === "" ? plural : `${plural}.${group}`;

const detailsOf = ({ plural, group }: Pick<Resource, "plural" | "group">, name?: string): StatusDetails => ({
  ...(name === undefined ? {} : { name }),
  ...(group === "" ? {} : { group }),
  kind: plural,
});

export const success = (details: StatusDetails): Status => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  details,
});

export const deleted = (resource: Resource, name: string, uid: string): Status =>
  success({ ...detailsOf(resource, name), uid });

export const notFound = (resource: Pick<Resource, "plural" | "group">, name: string): Refusal =>
  new Refusal(404, "NotFound", `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));

export const noSuchResource = (): Refusal =>
  new Refusal(404, "NotFound", "the server could not find the requested resource", {});

export const methodNotAllowed = (): Refusal =>
  new Refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});

export const badRequest = (message: string): Refusal => new Refusal(400, "BadRequest", message);

export const unauthorized = (): Refusal => new Refusal(401, "Unauthorized", "Unauthorized");

export const alreadyExists = (resource: Resource, name: string): Refusal =>
  new Refusal(409, "AlreadyExists", `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name));

const modified = "the object has been modified; please apply your changes to the latest version and try again";

export const conflict = (resource: Resource, name: string, why: string = modified): Refusal =>
  new Refusal(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  );

/** A precondition of a deletion that did not hold: the server names the kind there, not the resource. */
export const preconditionFailed = ({ kind, group }: Resource, name: string, why: string): Refusal =>
  new Refusal(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${group === "" ? kind : `${kind}.${group}`} "${name}": ${why}`,
    {
      name,
      ...(group === "" ? {} : { group }),
      kind,
    },
  );

/** In a real server's words; what it says of Protobuf is not true here. */
export const unsupportedMediaType = (): Refusal =>
  new Refusal(
    415,
    "UnsupportedMediaType",
    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
  );

export const rejectedPatch = (): Refusal =>
  new Refusal(422, "Invalid", "the server rejected our request due to an error in our request", {});

export interface InvalidField {
  readonly field: string;
  readonly reason: "FieldValueRequired" | "FieldValueInvalid" | "FieldValueForbidden" | "FieldValueNotSupported";
  readonly message: string;
}

/** `kind` may carry a group, as in `PodDisruptionBudget.policy`. */
export function invalid(kind: string, group: string, name: string, ...fields: readonly InvalidField[]): Refusal {
  const problems = fields.map(({ field, message }) => `${field}: ${message}`);
  return new Refusal(
    422,
    "Invalid",
    `${group === "" ? kind : `${kind}.${group}`} "${name}" is invalid: ${problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`}`,
    {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      kind,
      causes: fields.map(({ field, reason, message }) => ({ reason, message, field })),
    },
  );
}

export interface Attributes {
  /** As in RBAC: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb: string;
  readonly group: string;
  /** `pods`, `pods/log`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

export function forbidden(user: string, { verb, group, resource, namespace, name }: Attributes): Refusal {
  const plural = resource.split("/")[0] ?? resource;
  const subject = `${qualified({ plural, group })}${name === undefined ? "" : ` "${name}"`}`;
  const scope = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  return new Refusal(
    403,
    "Forbidden",
    `${subject} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`,
    detailsOf({ plural, group }, name),
  );
}
