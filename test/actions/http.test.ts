import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpGet } from "../../src/actions/http-get.ts";
import { httpPost } from "../../src/actions/http-post.ts";
import { httpPut } from "../../src/actions/http-put.ts";
import { file, markdown } from "../../src/index.ts";
import { alertEvent, runAction } from "../../src/testing.ts";
import { type Answer, type AnsweringServer, startAnsweringServer } from "../helpers/answering-server.ts";

const answers: Readonly<Record<string, Answer>> = {
  "/long": { text: "x".repeat(30_000) },
  "/none": { text: "" },
  "/hang": "silence",
};

describe("http_get, http_post and http_put", () => {
  let server: AnsweringServer;
  let host: string;
  beforeAll(async () => {
    server = await startAnsweringServer(({ url }) =>
      url.startsWith("/hooks/") ? { status: 403 } : (answers[url] ?? { text: "hello" }),
    );
    ({ host } = new URL(server.url));
  });
  afterAll(() => server.close());
  const url = (path: string) => `http://${host}${path}`;

  it("GET: the params are added to the query, and nothing is said", async () => {
    const params = { url: url("/a?x=1"), params: { y: "a b", z: [1, 2] } };
    expect((await runAction(httpGet, alertEvent(), params)).findings).toEqual([]);
    expect(server.asked.at(-1)).toMatchObject({ method: "GET", url: "/a?x=1&y=a+b&z=1&z=2", body: "" });
  });

  it.each<[string, object, string, string | undefined]>([
    ["a text", { data: "as it is" }, "as it is", "text/plain;charset=UTF-8"],
    [
      "a form",
      { data: { a: "1 2", b: [1, 2], c: null, d: { e: 1 } } },
      "a=1+2&b=1&b=2&d=%7B%22e%22%3A1%7D",
      "application/x-www-form-urlencoded;charset=UTF-8",
    ],
    [
      "a form of pairs",
      {
        data: [
          ["a", "1"],
          ["a", "2"],
        ],
      },
      "a=1&a=2",
      "application/x-www-form-urlencoded;charset=UTF-8",
    ],
    ["JSON", { data: { a: 1 }, headers: { "Content-Type": "application/json" } }, '{"a":1}', "application/json"],
    ["nothing", {}, "", undefined],
  ])("POST and PUT: send %s", async (_, given, body, type) => {
    for (const [action, method] of [
      [httpPost, "POST"],
      [httpPut, "PUT"],
    ] as const) {
      const params = { url: url("/b"), ...given };
      expect((await runAction(action, alertEvent(), params)).findings).toEqual([]);
      expect(server.asked.at(-1)).toMatchObject({ method, url: "/b", body });
      expect(server.asked.at(-1)?.headers["content-type"]).toBe(type);
    }
  });

  it("sends headers", async () => {
    await runAction(httpPost, alertEvent(), { url: url("/c"), headers: { "X-Token": "abc" } });
    expect(server.asked.at(-1)).toMatchObject({ headers: { "x-token": "abc" } });
  });

  it.each([
    ["the answer", "/d", [markdown("The answer:"), file("response.txt", "hello")]],
    ["its first 10 KB", "/long", [markdown("The answer, cut at 10 KB:"), file("response.txt", "x".repeat(10_240))]],
    ["that it is empty", "/none", [markdown("_The answer is empty._")]],
  ])("makes a finding of %s", async (_, path, blocks) => {
    const params = { url: url(path), get_response: true };
    const runs = {
      GET: await runAction(httpGet, alertEvent(), params),
      POST: await runAction(httpPost, alertEvent(), params),
      PUT: await runAction(httpPut, alertEvent(), params),
    };
    for (const [method, { findings }] of Object.entries(runs)) {
      expect(findings).toMatchObject([
        { title: `Answer to ${method} to ${host}: 200`, aggregationKey: "HttpResponse", enrichments: [{ blocks }] },
      ]);
    }
  });

  it("names no more of an address than its host", async () => {
    const secret = { url: url("/hooks/secret?token=secret"), get_response: true };
    const failed = await runAction(httpGet, alertEvent(), secret).catch((error: unknown) => error);
    expect(failed).toEqual(new Error(`GET to ${host} was answered 403`));
    const nobody = "http://user:secret@127.0.0.1:1/secret";
    const refused = await runAction(httpPost, alertEvent(), { url: nobody }).catch((error: unknown) => error);
    expect(String(refused)).toMatch(/^Error: POST to 127\.0\.0\.1:1 was not answered/);
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain("secret");
  });

  it("sends a name and a password in the address as a header", async () => {
    await runAction(httpGet, alertEvent(), { url: `http://user:a%20b@${host}/c` });
    const authorization = `Basic ${Buffer.from("user:a b").toString("base64")}`;
    expect(server.asked.at(-1)).toMatchObject({ url: "/c", headers: { authorization } });
  });

  it("shows no value of a header that cannot be sent", async () => {
    const params = { url: url("/c"), headers: { "X-Token": "secret\nvalue" } };
    const failed = await runAction(httpPost, alertEvent(), params).catch((error: unknown) => error);
    expect(String(failed)).toBe(
      'Error: the header "X-Token" cannot be sent: HTTP does not allow its name or its value',
    );
  });

  it("ends with the signal", async () => {
    const signal = AbortSignal.timeout(50);
    await expect(runAction(httpGet, alertEvent(), { url: url("/hang") }, { signal })).rejects.toThrow(/abort|timeout/i);
  });

  it.each(["ftp://example.com", "file:///etc/passwd", "example.com", ""])("refuses the address %j", async (url) => {
    await expect(runAction(httpGet, alertEvent(), { url })).rejects.toThrow("url");
  });
});
