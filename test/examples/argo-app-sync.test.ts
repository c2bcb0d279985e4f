import { generate } from "selfsigned";
import { afterEach, describe, expect, it } from "vitest";
import { argoAppSync } from "../../docs/examples/my-actions/argo-app-sync.ts";
import { markdown } from "../../src/index.ts";
import { alertEvent, fakeRateLimiters, runAction } from "../../src/testing.ts";
import { type Answer, type AnsweringServer, startAnsweringServer } from "../helpers/answering-server.ts";
import { expectNoSecret } from "../helpers/leaks-no-secret.ts";

const token = "argo-t0k3n";
const app = { argo_token: token, argo_app_name: "check out" };

describe("argo_app_sync", () => {
  const servers: AnsweringServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  async function argo(answer: Answer = {}, tls?: Parameters<typeof startAnsweringServer>[1]) {
    const server = await startAnsweringServer(() => answer, tls);
    servers.push(server);
    return server;
  }

  it("asks Argo CD to sync the application, and says so in a finding", async () => {
    const server = await argo();
    const { findings } = await runAction(argoAppSync, alertEvent(), { ...app, argo_url: `${server.url}/argo` });
    expect(server.asked).toMatchObject([
      {
        method: "POST",
        url: "/argo/api/v1/applications/check%20out/sync",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: "{}",
      },
    ]);
    const text = `Sync of <${server.url}/argo/applications/check%20out|check out> was started for the cluster test.`;
    expect(findings).toMatchObject([
      { title: "Argo CD syncs check out", aggregationKey: "ArgoAppSync", enrichments: [{ blocks: [markdown(text)] }] },
    ]);
    expectNoSecret(findings, [token]);
  });

  it("syncs once in its time, each application and each Argo CD for itself", async () => {
    const [one, two] = [await argo(), await argo()];
    let now = 0;
    const rateLimiters = fakeRateLimiters({ now: () => now });
    const sync = (argo_url: string, argo_app_name: string) =>
      runAction(
        argoAppSync,
        alertEvent(),
        { ...app, argo_url, argo_app_name, rate_limit_seconds: 60 },
        { rateLimiters },
      );
    await sync(one.url, "a");
    const { findings, log } = await sync(one.url, "a");
    expect({ findings, log }).toMatchObject({ findings: [], log: [{ message: "a was synced less than 60 s ago" }] });
    await sync(one.url, "b");
    await sync(two.url, "a");
    now = 60_000;
    await sync(one.url, "a");
    expect(one.asked.map(({ url }) => url.split("/").at(-2))).toEqual(["a", "b", "a"]);
    expect(two.asked).toHaveLength(1);
  });

  it.each<[string, Answer, RegExp]>([
    [
      "refuses",
      { status: 403, json: { error: "permission denied" } },
      /refused to sync check out \(HTTP 403\): .*permission denied/,
    ],
    ["repeats the token", { status: 401, text: `bad token ${token}` }, /\(HTTP 401\): bad token \[token\]$/],
    ["leads to its login page", { status: 302, headers: { location: "/login" }, text: "" }, /\(HTTP 302\)/],
    ["cuts the connection", "cut", /^Argo CD at 127\.0\.0\.1:\d+ could not be reached: /],
  ])("fails with a reason where Argo CD %s", async (_, answer, message) => {
    const { url } = await argo(answer);
    const run = runAction(argoAppSync, alertEvent(), { ...app, argo_url: url });
    await expect(run).rejects.toThrow(message);
    await run.catch((error: unknown) => expectNoSecret(error, [token]));
  });

  it("ends with the action's signal", async () => {
    const server = await argo("silence");
    const stop = new AbortController();
    const run = runAction(argoAppSync, alertEvent(), { ...app, argo_url: server.url }, { signal: stop.signal });
    await expect.poll(() => server.asked.length).toBe(1);
    stop.abort(new Error("the time is over"));
    await expect(run).rejects.toThrow("the time is over");
  });

  it("takes a certificate that nobody vouches for only where it is told to", async () => {
    const { private: key, cert } = await generate([{ name: "commonName", value: "argo" }], {
      keyType: "ec",
      algorithm: "sha256",
    });
    const server = await argo({}, { key, cert });
    const sync = (argo_verify_server_cert: boolean) =>
      runAction(argoAppSync, alertEvent(), { ...app, argo_url: server.url, argo_verify_server_cert });
    await expect(sync(true)).rejects.toThrow(/could not be reached: self-signed certificate/);
    expect((await sync(false)).findings).toHaveLength(1);
    expect(server.asked).toMatchObject([{ headers: { authorization: `Bearer ${token}` }, body: "{}" }]);
  });
});
