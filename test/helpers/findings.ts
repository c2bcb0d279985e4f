import { events, file, markdown, table } from "../../src/findings/blocks.ts";
import type { Finding } from "../../src/findings/finding.ts";

/** The finding of an alert, changed where a test needs it otherwise. */
export const findingOf = (changes: Partial<Finding> = {}): Finding => ({
  title: "Pod shop/checkout-7d9f is crash looping",
  aggregationKey: "KubePodCrashLooping",
  severity: "HIGH",
  source: "prometheus",
  status: "firing",
  subject: {
    name: "checkout-7d9f",
    kind: "pod",
    namespace: "shop",
    node: "worker-1",
    container: "api",
    labels: { app: "checkout", "team.example.com/name": "cart" },
    annotations: { channel: "cart-alerts" },
  },
  cluster: "prod-eu",
  fingerprint: "0123456789abcdef",
  startsAt: Date.UTC(2026, 7, 1, 10, 41, 7),
  links: [],
  enrichments: [],
  notes: [],
  ...changes,
});

/** The same alert, twelve minutes later. */
export const resolvedOf = (changes: Partial<Finding> = {}): Finding =>
  findingOf({ status: "resolved", endsAt: Date.UTC(2026, 7, 1, 10, 53, 7), ...changes });

/** As a crash loop really looks: logs, events, the answer of a command. */
export const crashLoop = (): Finding =>
  findingOf({
    description: "Container *api* restarted 7 times. See <https://runbooks.example.com/crash?a=1&b=2|the runbook>.",
    links: [{ name: "Prometheus", url: "http://prometheus:9090/graph?g0.expr=rate(x[5m])>0&g0.tab=1" }],
    notes: ["The node worker-1 is gone."],
    enrichments: [
      { title: "Crash info", blocks: [table(["container", "restarts"], [["api", "7"]])] },
      { title: "Logs of api", blocks: [file("api.log", "GET /cart <1>\ncannot connect to redis & gave up\n")] },
      {
        blocks: [
          events("Pod shop/checkout-7d9f", [
            {
              type: "Warning",
              reason: "BackOff",
              message: "restarting api",
              count: 43,
              lastSeen: "2026-08-01T10:41:02Z",
            },
          ]),
        ],
      },
      { title: "ps aux", blocks: [markdown("```root 17 node <defunct>```")] },
    ],
  });
