/** The finding that a delivery makes by itself, before any action has added to it. */
import { createHash } from "node:crypto";
import type { AlertDelivery, ChangeDelivery, IncomingDelivery, InvocationDelivery } from "../delivery.ts";
import type { Finding, Link, Severity, Source, Subject } from "../findings/finding.ts";
import type { Resolved } from "../kubernetes/resolve.ts";
import { nameOf } from "../trace.ts";
import { alertDescription, alertSeverity, alertTitle } from "./alert-texts.ts";

export type SeverityMap = Readonly<Record<string, Severity>>;

export function baseFinding(delivery: IncomingDelivery, resolved: Resolved, severities: SeverityMap = {}): Finding {
  const { cluster } = delivery;
  const shared = { cluster, subject: resolved.subject, enrichments: [], notes: resolved.notes };
  return { ...shared, ...ownOf(delivery, resolved, severities) };
}

type Own = Omit<Finding, "cluster" | "subject" | "enrichments" | "notes">;

function ownOf(delivery: IncomingDelivery, resolved: Resolved, severities: SeverityMap): Own {
  switch (delivery.kind) {
    case "alert":
      return ofAlert(delivery, severities);
    case "change":
      return ofChange(delivery, resolved);
    case "invocation":
      return ofInvocation(delivery, resolved);
  }
}

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
  const aggregationKey = `${kind}${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  const title = `${nameOf({ ...metadata, kind })} was ${operation}d`;
  return { ...told("kubernetes_api_server", aggregationKey, subject, acceptedAt), title };
}

function ofInvocation({ action, target, caller, acceptedAt, pressed }: InvocationDelivery, { subject }: Resolved): Own {
  const source = pressed === undefined ? "manual" : "callback";
  const title = target === undefined ? action : `${action} on ${nameOf(target)}`;
  return { ...told(source, action, subject, acceptedAt), title, description: `Started by ${caller}.` };
}

/** What a finding says by itself of something that happened once. */
function told(source: Source, aggregationKey: string, subject: Subject, at: number): Omit<Own, "title"> {
  const identity = [subject.kind, subject.name, subject.namespace, subject.node, source, aggregationKey];
  return {
    aggregationKey,
    severity: "INFO",
    source,
    status: "firing",
    fingerprint: createHash("sha256").update(JSON.stringify(identity)).digest("hex"),
    startsAt: at,
    links: [],
  };
}
