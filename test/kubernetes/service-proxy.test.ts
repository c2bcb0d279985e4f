import { afterEach, describe, expect, it } from "vitest";
import { createCluster } from "../../src/kubernetes/client.ts";
import { leadsHome, loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import type { ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import { type Answer, startAnsweringServer } from "../helpers/answering-server.ts";
import { kubeconfigText } from "../helpers/kubeconfig.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(answer: Answer) {
  const server = await startAnsweringServer(() => answer);
  const kubeConfig = loadKubeConfig({ from: "text", text: kubeconfigText({ server: server.url }) });
  const cluster = createCluster({ name: "prod", kubeConfig });
  closing.push(server.close, cluster.close);
  return { server, cluster };
}

const request = { namespace: "monitoring", name: "prometheus", port: 9090, path: "/api/v1/query" };
const status = (code: number, message: string) => ({
  status: code,
  json: { kind: "Status", apiVersion: "v1", status: "Failure", code, message },
});

describe("a GET to a Service through the API server", () => {
  it("is passed on with its query, and recorded as what it is", async () => {
    const { server, cluster } = await serve({ text: "hello" });
    const calls: ClusterCall[] = [];
    const asked = cluster.within({ onCall: (call) => calls.push(call) });
    const answer = await asked.getFromService({ ...request, query: { query: "a+b c" } });
    expect(Buffer.from(answer.body).toString()).toBe("hello");
    expect(answer).toMatchObject({ status: 200, cut: false });
    expect(server.asked[0]).toMatchObject({
      method: "GET",
      url: "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/query?query=a%2Bb+c",
    });
    expect(calls).toMatchObject([
      { verb: "get", resource: "services/proxy", namespace: "monitoring", name: "prometheus", status: 200 },
    ]);
  });

  it.each([429, 500, 503])("brings the Service's own %i, and is not made again", async (code) => {
    const { server, cluster } = await serve({ status: code, text: "no" });
    expect(await cluster.getFromService(request)).toMatchObject({ status: code });
    expect(server.asked).toHaveLength(1);
  });

  it("is refused where the API server refuses it", async () => {
    const { cluster } = await serve(status(403, "services is forbidden"));
    await expect(cluster.getFromService(request)).rejects.toThrow(
      "The cluster prod refused get services/proxy prometheus in monitoring (403 Forbidden): services is forbidden. Give Cortado's role that permission, or leave out what needs it.",
    );
  });

  it("keeps the end of what is too long, and says so", async () => {
    const { cluster } = await serve({ text: "0123456789" });
    const { body, cut } = await cluster.getFromService({ ...request, limitBytes: 4 });
    expect([Buffer.from(body).toString(), cut]).toEqual(["6789", true]);
  });
});

describe("a kubeconfig leads home", () => {
  const ca = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
  it.each([
    ["with the certificate that pods are given", { "certificate-authority": ca }, true],
    ["not with another", { "certificate-authority": "/etc/ca.crt" }, false],
    ["not with none", {}, false],
  ])("%s", (_, cluster, expected) => {
    const text = kubeconfigText({ server: "https://10.0.0.1", cluster });
    expect(leadsHome(loadKubeConfig({ from: "text", text }))).toBe(expected);
  });
});
