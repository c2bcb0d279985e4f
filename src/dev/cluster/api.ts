/** The API server: a request in, a response out. */

import { coreVersions, group, groupList, resourceList, versionOf } from "./discovery.ts";
import { execTarget, PlainRefusal } from "./exec.ts";
import { startJob } from "./jobs.ts";
import { deleteCollection, deleteObject, evictPod } from "./lifecycle.ts";
import { readLog } from "./logs.ts";
import { started } from "./pods.ts";
import { getObject, listObjects } from "./reading.ts";
import { type ApiRequest, attributesOf, readRequest } from "./request.ts";
import type { Resources } from "./resources.ts";
import { scaleObject } from "./scale.ts";
import type { Scripts } from "./scripts.ts";
import {
  type Attributes,
  badRequest,
  forbidden,
  methodNotAllowed,
  noSuchResource,
  Refusal,
  unauthorized,
} from "./status.ts";
import type { ApiObject, ObjectStore } from "./store.ts";
import { watchObjects } from "./watch.ts";
import { createObject, patchObject, updateObject } from "./writing.ts";

export interface Api {
  readonly store: ObjectStore;
  readonly resources: Resources;
  readonly scripts: Scripts;
  readonly token: string;
  /** Whether requests without any credential are served. A wrong one never is. */
  readonly anonymous: boolean;
  /** `v1.34.1` */
  readonly version: string;
  /** Whether the token's user may. */
  readonly authorize: (attributes: Attributes) => boolean;
}

export async function answer(api: Api, request: Request): Promise<Response> {
  try {
    authenticate(api, request.headers.get("authorization"));
    const { pathname, host } = new URL(request.url);
    return aboutItself(api, pathname, host) ?? (await answerResource(api, await authorized(api, request)));
  } catch (error) {
    return refused(error);
  }
}

/** Reads and authorizes a request for a resource. */
export async function authorized(api: Api, request: Request): Promise<ApiRequest> {
  const read = await readRequest(request, api.resources);
  const attributes = attributesOf(read);
  if (!api.authorize(attributes)) throw forbidden("cortado", attributes);
  return read;
}

export function authenticate({ token, anonymous }: Api, header: string | null): void {
  const welcome = header === null ? anonymous : header === `Bearer ${token}`;
  if (!welcome) throw unauthorized();
}

export function refused(error: unknown): Response {
  if (error instanceof Refusal) return json(error.status, error.code);
  if (error instanceof PlainRefusal) return new Response(error.message, { status: error.code });
  const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`;
  return json(new Refusal(500, "InternalError", message, { causes: [{ message }] }).status, 500);
}

const json = (body: unknown, status = 200): Response => Response.json(body, { status });

/** Health, version and discovery; undefined for everything else. */
function aboutItself({ resources, version }: Api, pathname: string, host: string): Response | undefined {
  const path = pathname.replace(/\/$/, "");
  if (/^\/(?:healthz|readyz|livez)$/.test(path)) return new Response("ok");
  if (path === "/version") return json(versionOf(version));
  if (path === "/api") return json(coreVersions(host));
  if (path === "/apis") return json(groupList(resources));
  const [, root, first = "", second, ...more] = path.split("/");
  const known = root === "api" || (root === "apis" && resources.all().some((one) => one.group === first));
  if (!known) return notServed();
  if (root === "api" && second === undefined) return found(resourceList(resources, "", first));
  if (root === "apis" && second === undefined) return found(group(resources, first));
  if (root === "apis" && second !== undefined && more.length === 0)
    return found(resourceList(resources, first, second));
  return undefined;
}

const notServed = (): Response => new Response("404 page not found\n", { status: 404 });

function found(body: unknown): Response {
  if (body === undefined) throw noSuchResource();
  return json(body);
}

async function answerResource(api: Api, request: ApiRequest): Promise<Response> {
  const { store } = api;
  if (request.subresource !== undefined && request.subresource !== "status") return answerSubresource(api, request);
  switch (request.verb) {
    case "get":
      return json(getObject(store, request));
    case "list":
      return json(listObjects(store, request));
    case "watch":
      return new Response(watchObjects(store, request), { headers: { "content-type": "application/json" } });
    case "create":
      return json(create(api, request), 201);
    case "update":
      return json(updateObject(store, request));
    case "patch":
      return json(patchObject(store, request));
    case "delete":
      return json(deleteObject(store, request));
    default:
      return json(deleteCollection(store, request));
  }
}

function create({ store, scripts }: Api, request: ApiRequest): ApiObject {
  const created = createObject(store, request);
  if (request.dryRun) return created;
  if (request.resource.kind === "Pod") startPod(store, created);
  if (request.resource.kind === "Job") startJob(store, scripts, created);
  return created;
}

export function startPod(store: ObjectStore, pod: ApiObject): ApiObject {
  const nodes = store.everything().filter(({ kind }) => kind === "Node");
  return store.write(store.resourceOf(pod), started(pod, nodes));
}

function answerSubresource({ store, scripts }: Api, request: ApiRequest): Response {
  const { subresource, verb } = request;
  switch (subresource) {
    case "log": {
      if (verb !== "get") throw methodNotAllowed();
      const log = readLog(store, scripts, request);
      return log === undefined ? new Response(null, { status: 204 }) : new Response(log, { headers: plain });
    }
    case "exec":
      execTarget(store, request);
      throw badRequest("Upgrade request required");
    case "eviction":
      if (verb !== "create") throw methodNotAllowed();
      return json(evictPod(store, request), 201);
    case "scale":
      if (verb === "create" || verb === "delete") throw methodNotAllowed();
      return json(scaleObject(store, request));
    default:
      throw noSuchResource();
  }
}

const plain = { "content-type": "text/plain" };
