/** Bodies as Alertmanager posts them. */

export interface WebhookAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly generatorURL?: string;
  readonly fingerprint?: string;
}

export interface WebhookBody {
  readonly alerts: readonly unknown[];
  readonly [key: string]: unknown;
}

const zeroTime = "0001-01-01T00:00:00Z";

/** An alert that has been firing for a minute; its fingerprint is left for the receiver to compute. */
export const firing = (labels: WebhookAlert["labels"], more: Partial<WebhookAlert> = {}): WebhookAlert => ({
  status: "firing",
  labels,
  annotations: {},
  startsAt: new Date(Date.now() - 60_000).toISOString(),
  endsAt: zeroTime,
  generatorURL: "http://prometheus.example.com/graph?g0.expr=up+%3D%3D+0",
  ...more,
});

/** The end of an alert. */
export const resolved = (alert: WebhookAlert): WebhookAlert => ({
  ...alert,
  status: "resolved",
  endsAt: new Date().toISOString(),
});

export function webhook(...alerts: readonly unknown[]): WebhookBody {
  return {
    receiver: "cortado",
    status: "firing",
    alerts,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: "http://alertmanager.example.com:9093",
    version: "4",
    groupKey: '{}:{alertname="Any"}',
    truncatedAlerts: 0,
  };
}
