import { createHash, createHmac } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openPrometheus } from "../../src/prometheus/open.ts";
import type { PrometheusParams } from "../../src/prometheus/params.ts";
import { fakeCluster } from "../../src/testing.ts";
import { type Asked, startAnsweringServer } from "../helpers/answering-server.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** A request's credential and signature, and the signature that the secret makes of it. */
function verify({ method, url, headers, body }: Asked, secret: string) {
  const pattern = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/;
  const [, accessKey = "", scope = "", names = "", signature = ""] = pattern.exec(headers.authorization ?? "") ?? [];
  const [path = "", query = ""] = url.split("?");
  const signed = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const sortedQuery = query.split("&").sort().join("&");
  const canonical = [method, path, sortedQuery, signed.join(""), names, sha256(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>((at, part) => hmac(at, part), `AWS4${secret}`);
  return { accessKey, scope, names, signature, expected: hmac(key, text).toString("hex") };
}

it("the check knows AWS's own example", () => {
  const headers = {
    host: "example.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    "content-type": "application/x-www-form-urlencoded",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  };
  const request = { method: "POST", url: "/", headers, body: "Param1=value1" };
  const { signature, expected } = verify(request, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  expect(expected).toBe(signature);
});

describe("a request is signed for AWS", () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const close of closing.splice(0)) await close();
  });

  async function ask(params: PrometheusParams, path = ""): Promise<Asked> {
    const data = { resultType: "vector", result: [] };
    const server = await startAnsweringServer(() => ({ json: { status: "success", data } }));
    closing.push(server.close);
    const find = openPrometheus();
    const signal = new AbortController().signal;
    const prometheus = await find({
      cluster: fakeCluster(),
      params: { prometheus_url: `${server.url}${path}`, ...params },
      signal,
    });
    await prometheus.query('up{pod=~"a b.+"}');
    const [asked] = server.asked;
    if (asked === undefined) throw new Error("nothing was asked");
    return asked;
  }

  it("with the keys in the params, over the address, the headers and the query", async () => {
    const asked = await ask(
      {
        prometheus_aws: { region: "eu-1", service_name: "aps", access_key: "AKID", secret_access_key: "hush" },
        prometheus_url_query_string: "dedup=true&tenant=a b",
        prometheus_additional_headers: { "X-Scope-OrgID": "shop" },
      },
      "/workspaces/ws-1",
    );
    const { accessKey, scope, names, signature, expected } = verify(asked, "hush");
    expect(signature).toBe(expected);
    expect(accessKey).toBe("AKID");
    expect(scope).toMatch(/^\d{8}\/eu-1\/aps\/aws4_request$/);
    expect(names.split(";")).toEqual(expect.arrayContaining(["host", "x-amz-date", "x-scope-orgid"]));
  });

  it("else with what the SDK finds, a role's session for instance", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "ASIA");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "hush-hush");
    vi.stubEnv("AWS_SESSION_TOKEN", "session");
    const asked = await ask({ prometheus_aws: { region: "eu-1", service_name: "aps" } });
    const { accessKey, names, signature, expected } = verify(asked, "hush-hush");
    expect(signature).toBe(expected);
    expect(accessKey).toBe("ASIA");
    expect(names.split(";")).toContain("x-amz-security-token");
    expect(asked.headers["x-amz-security-token"]).toBe("session");
  });
});
