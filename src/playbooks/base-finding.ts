/** The finding that a delivery makes by itself, before any action has added to it. */
import { createHash } from "node:crypto";
import type { AlertDelivery, ChangeDelivery, IncomingDelivery } from "../delivery.ts";
import type { Finding, Link, Severity } from "../findings/finding.ts";
import type { Resolved } from "../kubernetes/resolve.ts";
import { alertDescription, alertSeverity, alertTitle } from "./alert-texts.ts";

export type SeverityMap = Readonly<Record<string, Severity>>;

export function baseFinding(delivery: IncomingDelivery, resolved: Resolved, severities: SeverityMap = {}): Finding {
  const { cluster } = delivery;
  const shared = { cluster, subject: resolved.subject, enrichments: [], notes: resolved.notes };
  return delivery.kind === "alert"
    ? { ...shared, ...ofAlert(delivery, severities) }
    : { ...shared, ...ofChange(delivery, resolved) };
}

type Own = Omit<Finding, "cluster" | "subject" | "enrichments" | "notes">;

function ofAlert({ alert, externalUrl }: AlertDelivery, severities: SeverityMap): Own {
  const description = alertDescription(alert);
  const links: Link[] = [];
  if (externalUrl !== undefined && externalUrl !== "") links.push({ name: "Alertmanager", url: externalUrl });
  return {
    title: alertTitle(alert),
    ...(description === undefined ? {} : { description }),
    aggregationKey: alert.labels.alertname ?? "",
    severity: alertSeverity(alert, severities),
    source: "prometheus",
    status: alert.status,
    fingerprint: alert.fingerprint,
    ...(alert.startsAt === undefined ? {} : { startsAt: alert.startsAt }),
    ...(alert.endsAt === undefined ? {} : { endsAt: alert.endsAt }),
    links,
  };
}

function ofChange({ object, operation, acceptedAt }: ChangeDelivery, { subject }: Resolved): Own {
  const { kind = "Object", metadata } = object;
  const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  const aggregationKey = `${kind}${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  const identity = [
    subject.kind,
    subject.name,
    subject.namespace,
    subject.node,
    "kubernetes_api_server",
    aggregationKey,
  ];
  return {
    title: `${kind} ${name} was ${operation}d`,
    aggregationKey,
    severity: "INFO",
    source: "kubernetes_api_server",
    status: "firing",
    fingerprint: createHash("sha256").update(JSON.stringify(identity)).digest("hex"),
    startsAt: acceptedAt,
    links: [],
  };
}
