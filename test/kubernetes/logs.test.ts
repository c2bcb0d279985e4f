import { afterEach, describe, expect, it } from "vitest";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { type Answer, type Asked, startAnsweringServer } from "../helpers/answering-server.ts";
import { kubeconfigText } from "../helpers/kubeconfig.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(answer: (asked: Asked) => Answer) {
  const server = await startAnsweringServer(answer);
  const text = kubeconfigText({ server: server.url });
  const cluster = createCluster({ name: "prod", kubeConfig: loadKubeConfig({ from: "text", text }) });
  closing.push(server.close, cluster.close);
  return { cluster, server };
}

/** As a kubelet gives a log out: the last lines, and of those the first bytes. */
const keeper =
  (log: string) =>
  (asked: Asked): Answer => {
    const query = new URL(asked.url, "http://server").searchParams;
    const tail = query.get("tailLines");
    const lines = log.split(/(?<=\n)/);
    const kept = tail === null ? log : lines.slice(-Number(tail)).join("");
    const bytes = Buffer.from(kept);
    return { text: bytes.subarray(0, Number(query.get("limitBytes") ?? bytes.length)).toString("utf8") };
  };

describe("the end of a log", () => {
  const line = (index: number, length: number) => `${index} ${"x".repeat(length)}\n`;
  const log = (first: number, last: number) =>
    Array.from({ length: 4000 }, (_, index) => line(index, index < 2000 ? first : last)).join("");

  it.each([
    ["of even lines", log(50, 50)],
    ["of lines that grow longer", log(10, 200)],
    ["of lines that grow shorter", log(200, 10)],
    ["of one line", "x".repeat(200_000)],
    ["without a last line break", `${log(50, 50)}the last`],
  ])("%s is what a limit of bytes keeps", async (_, text) => {
    const { cluster, server } = await serve(keeper(text));
    const read = (await cluster.logs("shop", "api-1", { limitBytes: 20_000 })) ?? "";
    expect(text.endsWith(read)).toBe(true);
    expect(read.length).toBeGreaterThan(0);
    expect(Buffer.byteLength(read)).toBeLessThanOrEqual(20_000);
    if (text.includes("\n")) expect(text.at(-read.length - 1)).toBe("\n");
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  it("is the whole log where that is short, for one request", async () => {
    const { cluster, server } = await serve(keeper("a\nb\n"));
    expect(await cluster.logs("shop", "api-1", { limitBytes: 4 })).toBe("a\nb\n");
    expect(server.asked.map(({ url }) => url)).toEqual(["/api/v1/namespaces/shop/pods/api-1/log?limitBytes=5"]);
  });
});

describe("a log that there is not", () => {
  it.each([
    'previous terminated container "api" in pod "api-1" not found',
    'container "api" in pod "api-1" is waiting to start: ContainerCreating',
    "pod api-1 does not have a host assigned",
  ])("is undefined: %s", async (message) => {
    const { cluster } = await serve(() => ({ status: 400, json: { kind: "Status", reason: "BadRequest", message } }));
    expect(await cluster.logs("shop", "api-1")).toBeUndefined();
  });
});

it("is none where the kubelet says, in its place, that it has none at the moment", async () => {
  const sentence = "unable to retrieve container logs for containerd://5b6f";
  const { cluster } = await serve(keeper(sentence));
  expect(await cluster.logs("shop", "api-1", { container: "api" })).toBeUndefined();
  const quoted = await serve(keeper(`${sentence}\nand more\n`));
  expect(await quoted.cluster.logs("shop", "api-1", { container: "api" })).toBe(`${sentence}\nand more\n`);
});
