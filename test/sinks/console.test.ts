import { describe, expect, it } from "vitest";
import { renderFinding } from "../../src/sinks/console.ts";
import { crashLoop, findingOf, resolvedOf } from "../helpers/findings.ts";

describe("a finding on a console", () => {
  it("reads well", () => {
    expect(renderFinding(crashLoop(), { colour: false })).toBe(
      `Firing  HIGH  Pod shop/checkout-7d9f is crash looping
  pod shop/checkout-7d9f, container api, node worker-1, cluster prod-eu
  since 2026-08-01 10:41:07 UTC

  Container *api* restarted 7 times. See the runbook (https://runbooks.example.com/crash?a=1&b=2).

  Note: The node worker-1 is gone.

  Crash info
    container  restarts
    ---------  --------
    api        7

  Logs of api
    api.log (48 B):
      GET /cart <1>
      cannot connect to redis & gave up

  Events of Pod shop/checkout-7d9f:
  last seen                type     reason   count  message
  -----------------------  -------  -------  -----  --------------
  2026-08-01 10:41:02 UTC  Warning  BackOff  43     restarting api

  ps aux
    root 17 node <defunct>

  Prometheus: http://prometheus:9090/graph?g0.expr=rate(x[5m])>0&g0.tab=1`,
    );
  });

  it.each([
    [resolvedOf(), /^Resolved {2}HIGH {2}Pod .*\n.*\n {2}fired for 12m$/],
    [
      findingOf({ source: "kubernetes_api_server", severity: "INFO" }),
      /^INFO {2}Pod [^\n]*\n[^\n]*worker-1, cluster prod-eu$/,
    ],
    [findingOf({ title: "a\u001b[2Jb\u0007" }), /^Firing {2}HIGH {2}ab\n/],
  ])("says what has to be said %#", (finding, expected) => {
    expect(renderFinding(finding, { colour: false })).toMatch(expected);
  });

  it("has colours on a terminal alone", () => {
    const escapeCode = String.fromCharCode(27);
    expect(renderFinding(findingOf(), { colour: true })).toContain(`${escapeCode}[31mFiring${escapeCode}[0m`);
    expect(renderFinding(findingOf(), { colour: false })).not.toContain(escapeCode);
  });
});
