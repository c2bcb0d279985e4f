/** What a URL of the Kubernetes API asks for. */

import { at } from "./json.ts";
import { joinApiVersion, type Resource, type Resources } from "./resources.ts";
import { type Attributes, badRequest, invalid, methodNotAllowed, noSuchResource } from "./status.ts";

export interface ApiRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
  readonly resource: Resource;
  /** The group and version that the URL names. */
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly verb: string;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

interface Target {
  readonly resource: Resource;
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Where a path leads. Throws the 404 of an API server for what is not served. */
export function targetOf(path: string, resources: Resources): Target {
  const { group, version, rest } = splitPath(path);
  const steps = rest[0] === "watch" ? rest.slice(1) : rest;
  const [first, second, third] = steps;
  const inNamespace = first === "namespaces" && third !== undefined && third !== "status" && third !== "finalize";
  const [plural, name, subresource] = inNamespace ? steps.slice(2) : steps;
  const resource = plural === undefined ? undefined : resources.find(group, version, plural);
  if (resource === undefined || (inNamespace && !resource.namespaced)) throw noSuchResource();
  if (subresource !== undefined && !resource.subresources.includes(subresource)) throw noSuchResource();
  if (resource.namespaced && !inNamespace && name !== undefined) throw noSuchResource();
  return {
    resource,
    apiVersion: joinApiVersion(group, version),
    ...(inNamespace && second !== undefined ? { namespace: second } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function splitPath(path: string): { group: string; version: string; rest: string[] } {
  const [root, ...steps] = path
    .replace(/^\/|\/$/g, "")
    .split("/")
    .map(decode);
  if (root === "api") return { group: "", version: steps[0] ?? "", rest: steps.slice(1) };
  return { group: steps[0] ?? "", version: steps[1] ?? "", rest: steps.slice(2) };
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

const truthy = (value: string | null): boolean => value === "true" || value === "1";

export async function readRequest(request: Request, resources: Resources): Promise<ApiRequest> {
  const url = new URL(request.url);
  const target = targetOf(url.pathname, resources);
  const body = request.method === "GET" ? "" : await request.text();
  const watching = truthy(url.searchParams.get("watch")) || /^\/(?:api|apis\/[^/]+)\/[^/]+\/watch\//.test(url.pathname);
  return {
    method: request.method,
    query: url.searchParams,
    contentType: (request.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "",
    body,
    ...target,
    verb: verbOf(request.method, target, watching),
    dryRun: isDryRun(request.method, dryRunIn(request.method, url.searchParams, body)),
    signal: request.signal,
  };
}

function verbOf(method: string, target: Target, watching: boolean): string {
  const { resource, namespace, name, subresource } = target;
  const one = name !== undefined;
  const everywhere = resource.namespaced && namespace === undefined;
  switch (method) {
    case "GET":
      if (one) return "get";
      return watching ? "watch" : "list";
    case "POST":
      return allowed("create", subresource !== undefined || !(one || everywhere));
    case "PUT":
      return allowed("update", one);
    case "PATCH":
      return allowed("patch", one);
    case "DELETE":
      return one ? "delete" : allowed("deletecollection", !everywhere && resource.plural !== "namespaces");
    default:
      throw methodNotAllowed();
  }
}

function allowed(verb: string, condition: boolean): string {
  if (!condition) throw methodNotAllowed();
  return verb;
}

const optionKinds: Readonly<Record<string, string>> = {
  POST: "CreateOptions",
  PUT: "UpdateOptions",
  PATCH: "PatchOptions",
  DELETE: "DeleteOptions",
};

/** A deletion that has a body says everything there: its query is not read. */
function dryRunIn(method: string, query: URLSearchParams, body: string): readonly string[] {
  if (method !== "DELETE" || body === "") return query.getAll("dryRun");
  const sent = at(tryJson(body), "dryRun");
  return Array.isArray(sent) ? sent.map(String) : [];
}

function tryJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isDryRun(method: string, values: readonly string[]): boolean {
  if (values.length === 0 || (values.length === 1 && values[0] === "")) return false;
  if (values.every((value) => value === "All")) return true;
  throw invalid(optionKinds[method] ?? "Options", "meta.k8s.io", "", {
    field: "dryRun",
    reason: "FieldValueNotSupported",
    message: `Unsupported value: []string{${values.map((value) => `"${value}"`).join(", ")}}: supported values: "All"`,
  });
}

export function attributesOf({ verb, resource, subresource, namespace, name }: ApiRequest): Attributes {
  return {
    verb,
    group: resource.group,
    resource: subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

/** A number in the query, undefined where there is none. */
export function integerIn(query: URLSearchParams, parameter: string): number | undefined {
  const text = query.get(parameter);
  if (text === null || text === "") return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

export const flagIn = (query: URLSearchParams, parameter: string): boolean => truthy(query.get(parameter));
