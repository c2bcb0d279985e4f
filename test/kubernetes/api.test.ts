import { type AddressInfo, createServer } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { describeError } from "../../src/errors.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import type { ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import { type Answer, type AnsweringServer, type Asked, startAnsweringServer } from "../helpers/answering-server.ts";
import { kubeconfigText } from "../helpers/kubeconfig.ts";

const token = "a-token-that-nobody-may-see";
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(
  answer: (asked: Asked, count: number) => Answer | Promise<Answer>,
  options: { timeoutSeconds?: number } = {},
) {
  const server: AnsweringServer = await startAnsweringServer(answer);
  const kubeConfig = loadKubeConfig({ from: "text", text: kubeconfigText({ server: server.url, user: { token } }) });
  const cluster = createCluster({ name: "prod", kubeConfig, ...options });
  closing.push(server.close, cluster.close);
  return { server, cluster };
}

const pod = { kind: "Pod", apiVersion: "v1", metadata: { name: "api-1", namespace: "shop" } };
const status = (code: number, reason: string, message: string, details: object = {}) => ({
  status: code,
  json: { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message, details },
});
const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: unknown) => error,
  );

describe("a call", () => {
  it("carries the credentials, and brings the JSON as it was sent", async () => {
    const sent = {
      ...pod,
      spec: { unheardOf: { field: [1, null, "2026-01-01T00:00:00.123456Z"] } },
      metadata: pod.metadata,
    };
    const { cluster, server } = await serve(() => ({ text: JSON.stringify(sent) }));
    const read = await cluster.get("Pod", "api-1", "shop");
    expect(JSON.stringify(read)).toBe(JSON.stringify(sent));
    expect(server.asked[0]).toMatchObject({ method: "GET", url: "/api/v1/namespaces/shop/pods/api-1" });
    expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it.each<[string, Answer]>([
    ["a connection that is cut", "cut"],
    ["429", status(429, "TooManyRequests", "slow down")],
    ["500", status(500, "InternalError", "etcd is away")],
    ["502 of a load balancer", { status: 502, text: "<html>Bad gateway</html>" }],
    ["503", { status: 503, text: "" }],
  ])("that reads is made again after %s", async (_, fault) => {
    const { cluster, server } = await serve((_, count) => (count <= 2 ? fault : { json: pod }));
    const calls: ClusterCall[] = [];
    const read = await cluster.within({ onCall: (call) => calls.push(call) }).get("Pod", "api-1", "shop");
    expect(read?.metadata.name).toBe("api-1");
    expect(server.asked).toHaveLength(3);
    expect(calls.map(({ status }) => status)).toEqual([200]);
  });

  it.each<[string, Answer, string]>([
    ["a connection that is cut", "cut", "socket hang up"],
    ["500", status(500, "InternalError", "etcd is away"), "etcd is away"],
  ])("that writes is not made again after %s", async (_, fault, message) => {
    const { cluster, server } = await serve(() => fault);
    await expect(cluster.create("Pod", { metadata: { name: "a" } })).rejects.toThrow(message);
    expect(server.asked).toHaveLength(1);
  });

  it("that writes is made again after 429, as nothing was done", async () => {
    const { cluster } = await serve((_, count) =>
      count === 1 ? status(429, "TooManyRequests", "later") : { json: pod },
    );
    expect((await cluster.create("Pod", pod)).metadata.name).toBe("api-1");
  });

  it.each(["GET of an hour", "date of an hour"])("is not made again where Retry-After is a %s", async (text) => {
    const hour = 3600;
    const after = text.startsWith("date") ? new Date(Date.now() + hour * 1000).toUTCString() : String(hour);
    const busy = { ...status(429, "TooManyRequests", "later"), headers: { "retry-after": after } };
    const { cluster, server } = await serve(() => busy);
    const error = await failure(cluster.get("Pod", "api-1", "shop"));
    expect(error).toMatchObject({ name: "ClusterError", code: 429, retryable: true });
    expect(error).toHaveProperty("retryAfterSeconds", expect.closeTo(hour, -1));
    expect(server.asked).toHaveLength(1);
  });

  it("waits for as long as Retry-After says", async () => {
    const arrivals: number[] = [];
    const busy = { ...status(429, "TooManyRequests", "later"), headers: { "retry-after": "1" } };
    const { cluster } = await serve((_, count) => {
      arrivals.push(performance.now());
      return count === 1 ? busy : { json: pod };
    });
    await cluster.get("Pod", "api-1", "shop");
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(990);
  });

  it("ends at its timeout", async () => {
    const { cluster } = await serve(() => "silence", { timeoutSeconds: 0.2 });
    const error = await failure(cluster.get("Pod", "api-1", "shop"));
    expect(error).toMatchObject({ name: "ClusterError", code: 0, reason: "Timeout", retryable: true });
    expect(describeError(error)).toBe("The cluster prod did not answer within 0.2 s: get pods api-1 in shop.");
  });

  it.each([
    ["while it waits for an answer", () => "silence" as const],
    [
      "between two attempts",
      () => ({ ...status(503, "ServiceUnavailable", "later"), headers: { "retry-after": "9" } }),
    ],
  ])("ends with its signal %s", async (_, answer) => {
    const aborting = new AbortController();
    const { cluster } = await serve(() => {
      setTimeout(() => aborting.abort(new Error("the action's time is over")), 50);
      return answer();
    });
    const calls: ClusterCall[] = [];
    const scoped = cluster.within({ signal: aborting.signal, onCall: (call) => calls.push(call) });
    await expect(scoped.get("Pod", "api-1", "shop")).rejects.toThrow("the action's time is over");
    expect(calls).toMatchObject([{ verb: "get", resource: "pods", status: 0 }]);
  });

  it("ends with its signal while it waits for its turn", async () => {
    const { cluster, server } = await serve(() => "silence", { timeoutSeconds: 1 });
    const busy = Array.from({ length: 16 }, () => failure(cluster.get("Pod", "api-1", "shop")));
    const aborting = new AbortController();
    const waiting = cluster.within({ signal: aborting.signal }).get("Pod", "api-2", "shop");
    aborting.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await Promise.all(busy);
    expect(server.asked.every(({ url }) => url.endsWith("api-1"))).toBe(true);
  });
});

describe("calls at one time", () => {
  it("are 16 at most", async () => {
    let now = 0;
    let most = 0;
    const { cluster, server } = await serve(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return { json: pod };
    });
    await Promise.all(Array.from({ length: 60 }, () => cluster.get("Pod", "api-1", "shop")));
    expect(most).toBe(16);
    expect(server.connections()).toBeLessThanOrEqual(16);
  });
});

describe("a refusal", () => {
  it("is the server's own, in one sentence", async () => {
    const why =
      'pods "api-1" is forbidden: User "bot" cannot get resource "pods" in API group "" in the namespace "shop"';
    const { cluster } = await serve(() => status(403, "Forbidden", why));
    const error = await failure(cluster.get("Pod", "api-1", "shop"));
    expect(error).toMatchObject({ name: "ClusterError", code: 403, reason: "Forbidden", retryable: false });
    expect(describeError(error)).toBe(
      `The cluster prod refused get pods api-1 in shop (403 Forbidden): ${why}. Give Cortado's role that permission, or leave out what needs it.`,
    );
  });

  it.each<[string, Answer, object, string]>([
    [
      "a page of a proxy",
      { status: 404, text: "<html>no\n such   site</html>" },
      { code: 404 },
      "<html>no such site</html>",
    ],
    [
      "a good answer that is no JSON",
      { text: "<html>Please log in</html>" },
      { code: 200, reason: "NotJson" },
      "Please log in",
    ],
    ["a good answer that is no object", { text: "[1]" }, { code: 200, reason: "NotJson" }, "[1]"],
    [
      "an answer without a word",
      { status: 401, text: "" },
      { code: 401, reason: "Unauthorized" },
      "no reason was given",
    ],
    ["half of an answer", { text: '{"kind":"Pod",' }, { code: 200, reason: "NotJson" }, '{"kind":"Pod",'],
  ])("of %s says what came", async (_, answer, properties, text) => {
    const { cluster } = await serve(() => answer);
    const error = await failure(cluster.get("Pod", "api-1", "shop"));
    expect(error).toMatchObject({ name: "ClusterError", ...properties });
    expect(describeError(error)).toContain(text);
  });

  it.each<[string, (asked: Asked) => Answer]>([
    ["in a Status", ({ headers }) => status(403, "Forbidden", `you sent ${headers.authorization}`)],
    ["in a page", ({ headers }) => ({ status: 400, text: JSON.stringify(headers) })],
    ["in a good answer", ({ headers }) => ({ text: `hello ${headers.authorization}` })],
    [
      "in a header",
      ({ headers }) => ({ status: 400, headers: { "x-echo": String(headers.authorization) }, text: "no" }),
    ],
  ])("never holds the token, even where the server sends it back %s", async (_, answer) => {
    const { cluster } = await serve(answer, { timeoutSeconds: 1 });
    const tries = [
      cluster.get("Pod", "api-1", "shop"),
      cluster.list("Pod"),
      cluster.create("Pod", pod),
      cluster.logs("shop", "api-1"),
      cluster.exec("shop", "api-1", ["ls"]),
    ];
    for (const error of await Promise.all(tries.map(failure))) {
      if (error !== "no error") expect(error).toMatchObject({ name: "ClusterError" });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(token);
    }
  });

  it("never holds the token, even where the server sends it back in what is no HTTP", async () => {
    const server = createServer((socket) => {
      socket.on("data", (data) => socket.end(`HTTP/1.1 200 OK\r\n${data}\r\n`));
      socket.on("error", () => undefined);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const text = kubeconfigText({ server: `http://127.0.0.1:${port}`, user: { token } });
    const cluster = createCluster({ name: "prod", kubeConfig: loadKubeConfig({ from: "text", text }) });
    closing.push(() => new Promise((closed) => server.close(closed)), cluster.close);
    for (const tried of [cluster.get("Pod", "api-1", "shop"), cluster.exec("shop", "api-1", ["ls"])]) {
      const error = await failure(tried);
      expect(error).toMatchObject({ name: "ClusterError", code: 0 });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(token);
    }
  });

  it("of a server that is not there names the reason", async () => {
    const { cluster, server } = await serve(() => "cut", { timeoutSeconds: 1 });
    await server.close();
    const error = await failure(cluster.create("Pod", pod));
    expect(error).toMatchObject({ name: "ClusterError", code: 0, reason: "ECONNREFUSED", retryable: true });
    expect(describeError(error)).toContain("The cluster prod could not be reached: create pods api-1 in shop: ");
  });
});

describe("a missing object", () => {
  it("is undefined only where the API server says that this object is missing", async () => {
    const missing = status(404, "NotFound", 'pods "api-1" not found', { name: "api-1", kind: "pods" });
    const { cluster } = await serve(() => missing);
    expect(await cluster.get("Pod", "api-1", "shop")).toBeUndefined();
    expect(await cluster.delete("Pod", "api-1", "shop")).toBe(false);
    expect(await cluster.logs("shop", "api-1")).toBeUndefined();
    const elsewhere = await serve(() => ({ status: 404, text: "404 page not found" }));
    await expect(elsewhere.cluster.get("Pod", "api-1", "shop")).rejects.toMatchObject({ code: 404 });
    await expect(elsewhere.cluster.delete("Pod", "api-1", "shop")).rejects.toMatchObject({ code: 404 });
  });
});

describe("a group version that is not served", () => {
  const old =
    (versions: Readonly<Record<string, readonly string[]>>) =>
    (asked: Asked): Answer => {
      const [, , group = "", version, ...rest] = asked.url.split("/");
      const notFound = { status: 404, text: "404 page not found" };
      if (group !== "autoscaling") return notFound;
      if (version === undefined)
        return { json: { kind: "APIGroup", versions: Object.keys(versions).map((version) => ({ version })) } };
      const resources = versions[version];
      if (resources === undefined) return notFound;
      if (rest.length === 0)
        return { json: { kind: "APIResourceList", resources: resources.map((name) => ({ name })) } };
      return {
        json: { kind: "HorizontalPodAutoscaler", apiVersion: `${group}/${version}`, metadata: { name: "web" } },
      };
    };
  const hpas = ["horizontalpodautoscalers"];

  it.each([
    [{ v1: hpas, v2beta1: hpas, v2beta2: hpas }, "autoscaling/v2beta2"],
    [{ v1: hpas, v2beta2: [] }, "autoscaling/v1"],
    [{ v2: hpas, v1: hpas }, "autoscaling/v2"],
    [{ v1: hpas, v3: hpas, v3alpha1: hpas }, "autoscaling/v3"],
  ])("is replaced by the most alike of %o", async (versions, apiVersion) => {
    const { cluster } = await serve(old(versions));
    expect(await cluster.get("HorizontalPodAutoscaler", "web", "shop")).toMatchObject({ apiVersion });
  });

  it("is asked for once", async () => {
    const { cluster, server } = await serve(old({ v1: hpas }));
    await cluster.get("HorizontalPodAutoscaler", "web", "shop");
    const before = server.asked.length;
    await cluster.within({}).get("HorizontalPodAutoscaler", "web", "shop");
    expect(server.asked.slice(before).map(({ url }) => url)).toEqual([
      "/apis/autoscaling/v1/namespaces/shop/horizontalpodautoscalers/web",
    ]);
  });

  it("and has no other is an error", async () => {
    const { cluster } = await serve(() => ({ status: 404, text: "404 page not found" }));
    const error = await failure(cluster.get("HorizontalPodAutoscaler", "web", "shop"));
    expect(error).toMatchObject({ name: "ClusterError", code: 404, reason: "NotServed" });
  });
});

describe("a list", () => {
  const items = Array.from({ length: 1203 }, (_, index) => ({ metadata: { name: `pod-${index}` } }));
  const pages = (asked: Asked): Answer => {
    const query = new URL(asked.url, "http://server").searchParams;
    const start = Number(query.get("continue") ?? 0);
    const end = start + Number(query.get("limit") ?? items.length);
    const metadata = end < items.length ? { continue: String(end) } : {};
    return { json: { kind: "PodList", metadata, items: items.slice(start, end) } };
  };

  it("comes in pages of 500, as one call", async () => {
    const { cluster, server } = await serve(pages);
    const calls: ClusterCall[] = [];
    const pods = await cluster.within({ onCall: (call) => calls.push(call) }).list("Pod");
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(items.map(({ metadata }) => metadata.name));
    expect(server.asked.map(({ url }) => url)).toEqual([
      "/api/v1/pods?limit=500",
      "/api/v1/pods?limit=500&continue=500",
      "/api/v1/pods?limit=500&continue=1000",
    ]);
    expect(calls).toHaveLength(1);
  });

  it("ends at its limit", async () => {
    const { cluster, server } = await serve(pages);
    expect(await cluster.list("Pod", { limit: 600 })).toHaveLength(600);
    expect(server.asked[1]?.url).toBe("/api/v1/pods?limit=100&continue=500");
  });

  it("whose pages expired is read at once", async () => {
    const expired = status(410, "Expired", "The provided continue parameter is too old");
    const { cluster, server } = await serve((asked) => (asked.url.includes("continue") ? expired : pages(asked)));
    expect(await cluster.list("Pod", { labelSelector: "a=b" })).toHaveLength(1203);
    expect(server.asked.at(-1)?.url).toBe("/api/v1/pods?labelSelector=a%3Db");
  });

  it("that is empty may be null", async () => {
    const { cluster } = await serve(() => ({ json: { kind: "PodList", metadata: {}, items: null } }));
    expect(await cluster.list("Pod")).toEqual([]);
  });
});
