/** Each type of block as it usually is, and as it is not: what docs/blocks.md shows and what the tests of sinks render. */
import {
  analysis,
  type Block,
  callback,
  diff,
  divider,
  emptyFile,
  events,
  file,
  header,
  json,
  links,
  list,
  markdown,
  table,
} from "../src/findings/blocks.ts";
import { graph } from "../src/findings/graph.ts";
import { scan } from "../src/findings/scan.ts";

export interface Samples<B> {
  readonly usual: B;
  readonly empty: B;
  /** With characters that mean something to a sink, a terminal or a protocol. */
  readonly odd: B;
  readonly huge: B;
}

const odd = "<!channel> *a* & `b` ``` \u001b[31mred\u001b[0m \u0000 \ud83d 🔥 | “x”\nnext line";
const many = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const long = (words: string, length: number) => words.repeat(Math.ceil(length / words.length)).slice(0, length);

const start = Date.UTC(2026, 7, 1, 10, 41, 7);
const curve = (count: number, height: number) =>
  many(count, (n) => [start + n * 60_000, Math.round(height * (1 + Math.sin(n / 4)) * 1_000) / 1_000] as const);
const hpa = { kind: "HorizontalPodAutoscaler", metadata: { name: "checkout", namespace: "shop" } };
const event = (n: number) => ({
  type: n % 2 === 0 ? "Warning" : "Normal",
  reason: n % 2 === 0 ? "BackOff" : "Pulled",
  message: n % 2 === 0 ? "Back-off restarting failed container api" : "Container image already present on machine",
  count: n + 1,
  lastSeen: "2026-08-01T10:41:02Z",
});

export const samples: { readonly [T in Block["type"]]: Samples<Extract<Block, { type: T }>> } = {
  markdown: {
    usual: markdown("Container *api* restarted 7 times. See <https://runbooks.example.com/crash|the runbook>."),
    empty: markdown(""),
    odd: markdown(odd),
    huge: markdown(long("A sentence of several words. ", 20_000)),
  },
  header: { usual: header("What may help"), empty: header(""), odd: header(odd), huge: header(long("words ", 2_000)) },
  divider: { usual: divider(), empty: divider(), odd: divider(), huge: divider() },
  list: {
    usual: list(["raise the memory limit", "look at `checkout` v12, which came\nat 10:38"]),
    empty: list([]),
    odd: list([odd, ""]),
    huge: list(many(500, (n) => `item ${n}`)),
  },
  table: {
    usual: table(
      ["pod", "restarts", "started"],
      [
        ["checkout-7d9f", "7", String(start)],
        ["checkout-c4x2", "0", "2026-08-01T08:00:00Z"],
      ],
      { name: "Pods of checkout", formats: { started: "datetime" } },
    ),
    empty: table(["pod", "restarts"], []),
    odd: table([odd, "b"], [[odd, odd], ["one cell"], ["more", "cells", "than headers"]], odd),
    huge: table(
      ["pod", "message"],
      many(2_000, (n) => [`checkout-${n}`, "Back-off restarting failed container"]),
      "All pods",
    ),
  },
  file: {
    usual: file("api.log", "GET /cart 200\nGET /cart 500\ncannot connect to redis\n"),
    empty: emptyFile("api.log", "the container has not written anything yet"),
    odd: file("../../etc/a b<!here>.log", odd),
    huge: file("api.log", many(60_000, (n) => `2026-08-01T10:41:07Z line ${n} of the log`).join("\n")),
  },
  json: {
    usual: json({ replicas: 3, image: "shop/checkout:v12" }),
    empty: json({}),
    odd: json({ [odd]: odd }),
    huge: json(many(2_000, (n) => ({ n, text: "some words" }))),
  },
  links: {
    usual: links([
      { text: "Dashboard", url: "https://grafana.example.com/d/1?var-pod=checkout" },
      { text: "Runbook", url: "https://runbooks.example.com/crash" },
    ]),
    empty: links([]),
    odd: links([
      { text: odd, url: "javascript:alert(1)" },
      { text: odd, url: "https://example.com/a b|c>?d&e" },
    ]),
    huge: links(many(500, (n) => ({ text: `link ${n}`, url: `https://example.com/${n}` }))),
  },
  diff: {
    usual: diff("Deployment shop/checkout", [
      { path: "spec.replicas", before: 3, after: 5 },
      { path: "spec.template.spec.containers[0].image", before: "shop/checkout:v11", after: "shop/checkout:v12" },
      { path: "spec.paused", after: true },
    ]),
    empty: diff("ConfigMap shop/settings", [], "create"),
    odd: diff(odd, [{ path: odd, before: odd, after: odd }]),
    huge: diff(
      "ConfigMap shop/settings",
      many(800, (n) => ({ path: `data.key-${n}`, before: `value ${n}`, after: long("words ", 150) })),
    ),
  },
  events: {
    usual: events("Pod shop/checkout-7d9f", many(2, event)),
    empty: events("Pod shop/checkout-7d9f", []),
    odd: events(odd, [{ type: odd, reason: odd, message: odd, count: 2, lastSeen: odd }]),
    huge: events("Pod shop/checkout-7d9f", many(500, event)),
  },
  graph: {
    usual: graph("CPU usage", [{ name: "checkout-7d9f", points: curve(30, 0.4) }], {
      format: "cpu_usage",
      lines: [{ name: "limit", value: 1 }],
      marks: [{ name: "alert", at: start + 20 * 60_000 }],
    }),
    empty: graph("CPU usage", []),
    odd: graph(odd, [{ name: odd, points: [[start, Number.NaN]] }], { lines: [{ name: odd, value: 1 }] }),
    huge: graph(
      "Memory",
      many(60, (n) => ({ name: `pod-${n}`, points: curve(2_000, n * 1_000_000) })),
      {
        format: "bytes",
      },
    ),
  },
  callback: {
    usual: callback([
      { text: "Allow 15 replicas", action: "scale_hpa_callback", params: { max_replicas: 15 }, target: hpa },
      { text: "Restart it", action: "rollout_restart", target: { kind: "Deployment", metadata: hpa.metadata } },
    ]),
    empty: callback([]),
    odd: callback([{ text: odd, action: odd, params: { [odd]: odd, nested: { a: [1, "b c"] } } }]),
    huge: callback(many(200, (n) => ({ text: `Choice ${n}`, action: "http_get", params: { url: `http://x/${n}` } }))),
  },
  scan: {
    usual: scan({
      title: "Popeye of prod-eu",
      scanner: "popeye",
      startedAt: start,
      endedAt: start + 12_000,
      score: 82,
      rows: [
        { severity: "ok", scope: "pods", kind: "Pod", namespace: "shop", name: "cart-5f6d", found: [] },
        {
          severity: "critical",
          scope: "pods",
          kind: "Pod",
          namespace: "shop",
          name: "checkout-7d9f",
          container: "api",
          found: ["no resources are requested or limited", "no probes"],
        },
      ],
    }),
    empty: scan({ title: "KRR of prod-eu", scanner: "krr", startedAt: start, endedAt: start, rows: [] }),
    odd: scan({
      title: odd,
      scanner: odd,
      startedAt: 8.7e15,
      endedAt: 0,
      score: -1,
      rows: [{ severity: "info", name: odd, found: [odd, odd] }],
    }),
    huge: scan({
      title: "Popeye of prod-eu",
      scanner: "popeye",
      startedAt: start,
      endedAt: start + 240_000,
      score: 41,
      rows: many(3_000, (n) => ({ severity: "warning", kind: "Pod", name: `pod-${n}`, found: ["no probes"] })),
    }),
  },
  analysis: {
    usual: analysis("The pod cannot reach *redis*: its Service has no endpoints.", {
      sections: [{ title: "Next steps", text: "Look at the Deployment `redis`, which has no ready pods." }],
      evidence: [{ tool: "kubectl_get", description: "endpoints of redis", result: "NAME   ENDPOINTS\nredis  <none>" }],
    }),
    empty: analysis(""),
    odd: analysis(odd, {
      sections: [{ title: odd, text: odd }],
      evidence: [{ tool: odd, description: odd, result: odd }],
    }),
    huge: analysis(long("Because of this and that. ", 10_000), {
      sections: many(20, (n) => ({ title: `Part ${n}`, text: long("More words. ", 1_000) })),
      evidence: many(40, (n) => ({
        tool: `tool-${n % 3}`,
        description: `call ${n}`,
        result: long("what it answered ", 5_000),
      })),
    }),
  },
};
