/**
 * Requests to a Kubernetes API, each with the answer that a real API server (1.20.2, with a kubelet) gave: status and body, but for
 * identities, versions, times and managedFields. Sent in this order, in a namespace of their own. What differs between versions of
 * Kubernetes, or is Go's own wording of a syntax error, is left out.
 */
import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";

export interface ApiFixture {
  readonly kubeconfig: string;
  /** A namespace of the tests' own, in which pods can be made. Nothing is in it. */
  readonly namespace: string;
  readonly close: () => Promise<void>;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const types = { merge: "application/merge-patch+json", json: "application/json-patch+json" } as const;

const ask = (method: string, path: string, body?: unknown, type = "application/json"): Asked => ({
  method,
  path,
  ...(body === undefined ? {} : { type, body: typeof body === "string" ? body : JSON.stringify(body) }),
});

const container = (name: string) => ({ name, image: "localhost/pause:1" });
const unselectable = { "no-such-label": "here" };

/** What is asked, by what it shows. `NS` is the namespace. */
export const requests: Readonly<Record<string, Asked>> = (() => {
  const home = "/api/v1/namespaces/NS";
  const maps = `${home}/configmaps`;
  const pods = `${home}/pods`;
  const deployments = "/apis/apps/v1/namespaces/NS/deployments";
  const template = { metadata: { labels: { app: "d" } }, spec: { containers: [container("main")] } };
  const deployment = {
    metadata: { name: "d" },
    spec: { replicas: 0, selector: { matchLabels: { app: "d" } }, template },
  };
  return {
    health: ask("GET", "/healthz"),
    readiness: ask("GET", "/readyz"),
    "a group": ask("GET", "/apis/apps"),
    "a version that is not served": ask("GET", "/apis/apps/v9"),
    "a group that is not served": ask("GET", "/apis/nothing/v1"),
    "a resource that is not served": ask("GET", "/api/v1/nothings"),
    "a resource of a version that is not served": ask(
      "GET",
      "/apis/autoscaling/v9/namespaces/NS/horizontalpodautoscalers",
    ),
    "a subresource that there is not": ask("GET", `${maps}/a/status`),
    "an object that is gone": ask("GET", `${pods}/gone`),
    "an object of a group that is gone": ask("GET", `${deployments}/gone`),
    "a list in a namespace that is gone": ask("GET", "/api/v1/namespaces/no-such-namespace/configmaps?limit=10"),
    "a label selector that does not end": ask("GET", `${pods}?labelSelector=a+in+b`),
    "a label selector with a lonely comma": ask("GET", `${pods}?labelSelector=a%3Db%2C`),
    "a label selector of two words": ask("GET", `${pods}?labelSelector=a+b`),
    "a label selector without a key": ask("GET", `${pods}?labelSelector=%3Db`),
    "a label selector with an open list": ask("GET", `${pods}?labelSelector=a+in+(b`),
    "a label selector that compares words": ask("GET", `${pods}?labelSelector=a%3Ex`),
    "a label selector that compares twice": ask("GET", `${pods}?labelSelector=a%3Db%3Dc`),
    "a label selector with an impossible key": ask("GET", `${pods}?labelSelector=-a`),
    "a field selector of pods": ask("GET", `${pods}?fieldSelector=spec.foo%3D1`),
    "a field selector of deployments": ask("GET", `${deployments}?fieldSelector=spec.foo%3D1`),
    "a field selector of jobs": ask("GET", "/apis/batch/v1/namespaces/NS/jobs?fieldSelector=spec.foo%3D1"),
    "a field selector that is none": ask("GET", `${pods}?fieldSelector=foo`),
    "a limit that is no number": ask("GET", `${pods}?limit=x`),
    creating: ask("POST", maps, { metadata: { name: "a", labels: { app: "a" } }, data: { a: "b" } }),
    "creating another of the name": ask("POST", maps, { metadata: { name: "a" } }),
    "creating in a namespace that is gone": ask("POST", "/api/v1/namespaces/no-such-namespace/configmaps", {
      metadata: { name: "a" },
    }),
    "creating without a name": ask("POST", maps, { metadata: {} }),
    "creating with an impossible name": ask("POST", maps, { metadata: { name: "B_B" } }),
    "creating for another namespace": ask("POST", maps, { metadata: { name: "b", namespace: "other" } }),
    "creating on trial": ask("POST", `${maps}?dryRun=All`, { metadata: { name: "trial" } }),
    "what was created on trial": ask("GET", `${maps}/trial`),
    "creating in no namespace": ask("POST", "/api/v1/configmaps", { metadata: { name: "a" } }),
    "creating below an object": ask("POST", `${maps}/a`, {}),
    "creating from text": ask("POST", maps, "a", "text/csv"),
    "creating a secret from text": ask("POST", `${home}/secrets`, { metadata: { name: "s" }, stringData: { a: "b" } }),
    "creating a pod without containers": ask("POST", pods, { metadata: { name: "p" } }),
    "a list": ask("GET", `${maps}?labelSelector=app%3Da`),
    replacing: ask("PUT", `${maps}/a`, { metadata: { name: "a" }, data: { a: "c" } }),
    "replacing an older one": ask("PUT", `${maps}/a`, { metadata: { name: "a", resourceVersion: "1" } }),
    "replacing another one": ask("PUT", `${maps}/a`, { metadata: { name: "a", uid: "x" } }),
    "replacing one that is gone": ask("PUT", `${maps}/gone`, { metadata: { name: "gone", resourceVersion: "1" } }),
    "replacing by another name": ask("PUT", `${maps}/a`, { metadata: { name: "b" } }),
    "replacing all": ask("PUT", maps, {}),
    merging: ask("PATCH", `${maps}/a`, { data: { a: null, x: "y" } }, types.merge),
    "merging into an older one": ask("PATCH", `${maps}/a`, { metadata: { resourceVersion: "1" } }, types.merge),
    "merging another name": ask("PATCH", `${maps}/a`, { metadata: { name: "b" } }, types.merge),
    "merging into one that is gone": ask("PATCH", `${maps}/gone`, { data: {} }, types.merge),
    "merging what is not JSON": ask("PATCH", `${maps}/a`, "zz", types.merge),
    operations: ask(
      "PATCH",
      `${maps}/a`,
      [
        { op: "test", path: "/data/x", value: "y" },
        { op: "add", path: "/metadata/labels", value: { "a/b": "c" } },
        { op: "copy", from: "/data/x", path: "/data/z" },
        { op: "move", from: "/data/x", path: "/data/w" },
        { op: "remove", path: "/metadata/labels/a~1b" },
      ],
      types.json,
    ),
    "an operation that does not hold": ask(
      "PATCH",
      `${maps}/a`,
      [{ op: "test", path: "/data/z", value: "q" }],
      types.json,
    ),
    "an operation on nothing": ask("PATCH", `${maps}/a`, [{ op: "remove", path: "/data/nope" }], types.json),
    "an operation below nothing": ask("PATCH", `${maps}/a`, [{ op: "add", path: "/foo/nope", value: 1 }], types.json),
    "an operation that is none": ask("PATCH", `${maps}/a`, [{ op: "bogus", path: "/data/z" }], types.json),
    "operations that are no list": ask("PATCH", `${maps}/a`, { op: "add" }, types.json),
    "a patch of no kind": ask("PATCH", `${maps}/a`, {}),
    "a trial of another kind": ask("PATCH", `${maps}/a?dryRun=Some`, {}, types.merge),
    "deleting another one": ask("DELETE", `${maps}/a`, { preconditions: { uid: "x" } }),
    "deleting an older one": ask("DELETE", `${maps}/a`, { preconditions: { resourceVersion: "1" } }),
    "deleting on trial": ask("DELETE", `${maps}/a?dryRun=All`),
    deleting: ask("DELETE", `${maps}/a`),
    "deleting again": ask("DELETE", `${maps}/a`),
    "creating with a finalizer": ask("POST", maps, { metadata: { name: "f", finalizers: ["a.b/c"] } }),
    "deleting what has a finalizer": ask("DELETE", `${maps}/f`),
    "deleting it again": ask("DELETE", `${maps}/f`),
    "taking the finalizer away": ask("PATCH", `${maps}/f`, { metadata: { finalizers: null } }, types.merge),
    "what had a finalizer": ask("GET", `${maps}/f`),
    "deleting none by labels": ask("DELETE", `${maps}?labelSelector=app%3Dnone`),
    "a service account": ask("POST", `${home}/serviceaccounts`, { metadata: { name: "sa" } }),
    "creating a deployment": ask("POST", deployments, deployment),
    "its scale": ask("GET", `${deployments}/d/scale`),
    "the scale of one that is gone": ask("GET", `${deployments}/gone/scale`),
    "deleting a deployment": ask("DELETE", `${deployments}/d`),
    "a pod of two containers": ask("POST", pods, {
      metadata: { name: "two" },
      spec: { nodeSelector: unselectable, containers: [container("a"), container("b")] },
    }),
    "a pod of one container": ask("POST", pods, {
      metadata: { name: "one" },
      spec: { nodeSelector: unselectable, containers: [container("a")] },
    }),
    "the log of one of two": ask("GET", `${pods}/two/log`),
    "the log of neither": ask("GET", `${pods}/two/log?container=c`),
    "the log of a pod that is gone": ask("GET", `${pods}/gone/log`),
    "the log of a pod on no node": ask("GET", `${pods}/one/log`),
    "less than no lines of a log": ask("GET", `${pods}/one/log?tailLines=-1`),
    "no bytes of a log": ask("GET", `${pods}/one/log?limitBytes=0`),
    "no time of a log": ask("GET", `${pods}/one/log?sinceSeconds=0`),
    "two times of a log": ask("GET", `${pods}/one/log?sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z`),
    "running in one of two": ask("EXEC", `${pods}/two/exec?command=ls&stdout=true`),
    "running in neither": ask("EXEC", `${pods}/two/exec?command=ls&stdout=true&container=c`),
    "running in a pod that is gone": ask("EXEC", `${pods}/gone/exec?command=ls&stdout=true`),
    "running in a pod on no node": ask("EXEC", `${pods}/one/exec?command=ls&stdout=true`),
    "evicting a pod that is gone": ask("POST", `${pods}/gone/eviction`, {
      metadata: { name: "gone", namespace: "NS" },
    }),
    "deleting a pod": ask("DELETE", `${pods}/two?gracePeriodSeconds=0`),
    "evicting a pod": ask("POST", `${pods}/one/eviction`, { metadata: { name: "one", namespace: "NS" } }),
    "the evicted pod": ask("GET", `${pods}/one`),
    "a wrong token": ask("TOKEN", pods),
  };
})();

/** One server, by its kubeconfig. */
export class ApiClient {
  readonly #kubeConfig = new KubeConfig();
  readonly #namespace: string;

  constructor({ kubeconfig, namespace }: Pick<ApiFixture, "kubeconfig" | "namespace">) {
    this.#kubeConfig.loadFromString(kubeconfig);
    this.#namespace = namespace;
  }

  async answer({ method, path, type, body }: Asked): Promise<Answer> {
    const url = `${this.#kubeConfig.getCurrentCluster()?.server}${this.#own(path)}`;
    const sent = this.#own(body) ?? "";
    const { cert, key, headers: credentials, ...trust } = await this.#credentials();
    const wrong = method === "TOKEN";
    const options = {
      ...trust,
      ...(wrong ? {} : { cert, key }),
      headers: {
        ...credentials,
        "content-length": Buffer.byteLength(sent),
        ...(type === undefined ? {} : { "content-type": type }),
        ...(wrong ? { authorization: "Bearer wrong" } : {}),
      },
    };
    const response =
      method === "EXEC"
        ? await refusedUpgrade(url, options)
        : await send(url, { ...options, method: wrong ? "GET" : method }, sent);
    return { status: response.statusCode ?? 0, body: this.#plain(parsed(await text(response))) };
  }

  async #credentials(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    await this.#kubeConfig.applyToHTTPSOptions(options);
    const { agent: _agent, ...rest } = options;
    return rest;
  }

  #own<T extends string | undefined>(text: T): T | string {
    return text === undefined ? text : text.replaceAll("NS", this.#namespace);
  }

  /** Without what is another each time. */
  #plain(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#plain(item));
    if (typeof value === "string") return plainText(value.replaceAll(this.#namespace, "NS"));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([key]) => !changing.has(key));
    return Object.fromEntries(entries.map(([key, item]) => [key, this.#plain(item)]));
  }
}

const changing = new Set([
  "managedFields",
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "secrets",
]);

const plainText = (text: string): string =>
  text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UID").replace(/in record \(\d+\)/, "in record (N)");

function parsed(text: string): unknown {
  return text.startsWith("{") ? JSON.parse(text) : text.trim();
}

function send(url: string, options: object, body: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (url.startsWith("https:") ? httpsRequest : httpRequest)(url, options, resolve);
  request.on("error", reject);
  request.end(body);
  return promise;
}

function refusedUpgrade(url: string, options: object): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const socket = new WebSocket(url.replace(/^http/, "ws"), ["v4.channel.k8s.io"], options);
  socket.on("unexpected-response", (_, response) => resolve(response));
  socket.on("open", () => reject(new Error("the upgrade was not refused")));
  socket.on("error", reject);
  return promise;
}

const recorded: Record<string, Answer> = JSON.parse(
  readFileSync(new URL("../fixtures/kubernetes/answers-1.20.json", import.meta.url), "utf8"),
);

export function answersConformance(name: string, make: () => Promise<ApiFixture>): void {
  describe(`the answers of ${name}`, () => {
    let fixture: ApiFixture;
    let client: ApiClient;
    beforeAll(async () => {
      fixture = await make();
      client = new ApiClient(fixture);
    });
    afterAll(() => fixture.close());

    it.each(Object.entries(requests))("to %s", async (what, asked) => {
      const { status, body } = await client.answer(asked);
      expect({ status, body: compared(body) }).toEqual({
        status: recorded[what]?.status,
        body: compared(recorded[what]?.body),
      });
    });
  });
}

/** A pod or a deployment has more defaults at a real server: of them only kind and metadata are compared. */
function compared(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("kind" in body) || !("metadata" in body)) return body;
  const { kind, metadata } = body;
  return kind === "Pod" || kind === "Deployment" ? { kind, metadata } : body;
}
