import { expect, it } from "vitest";
import { action, PodEvent } from "../../src/index.ts";
import { openPrometheus } from "../../src/prometheus/open.ts";
import { prepareRun } from "./run-input.ts";

const ask = action({
  name: "ask",
  on: PodEvent,
  effects: "read",
  timeout: 5,
  async run(_event, _params, { prometheus }) {
    await (await prometheus()).query("up");
  },
});

it("what a step asks of its cluster to find Prometheus is in its record", async () => {
  const { cluster, run } = await prepareRun([ask], { prometheus: openPrometheus() });
  const labels = { app: "prometheus-server" };
  cluster.put({ kind: "Service", metadata: { name: "prom", namespace: "m", labels }, spec: { ports: [{ port: 80 }] } });
  const { steps } = await run();
  expect(steps).toMatchObject([{ action: "ask", state: "failed" }]);
  expect(steps[0]?.reason).toMatch(
    /^The query `up` to the Prometheus m\/prom \(through the API server of test\) could not be sent/,
  );
  const calls = steps[0]?.calls.map(({ verb, resource, status }) => `${verb} ${resource} ${status}`) ?? [];
  expect([...new Set(calls)]).toEqual(["list services 200", "get services/proxy 503"]);
});
