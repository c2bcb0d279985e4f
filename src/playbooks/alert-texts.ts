/** What an alert says of itself, in the words of its labels and annotations. */
import type { Alert } from "../delivery.ts";
import type { Severity } from "../findings/finding.ts";

/** The annotation `summary`, else the alert's name. */
export function alertTitle({ annotations, labels }: Alert): string {
  return annotations.summary || labels.alertname || "Alert without a name";
}

/** The annotation `description`, else `message`, without the label dump that some rules end it with. */
export function alertDescription({ annotations }: Alert): string | undefined {
  const text = annotations.description ?? annotations.message;
  // The dump is looked for once, from its last beginning: an expression over the whole text would be slow on long ones.
  const start = text?.lastIndexOf("LABELS") ?? -1;
  if (text === undefined || start === -1) return text;
  return labelDump.test(text.slice(start)) ? text.slice(0, start).trimEnd() : text;
}

const labelDump = /^LABELS\s*[:=]\s*map\[[^\]]*\]\s*$/;

/** The query behind the alert: `g0.expr` of its link to Prometheus. */
export function prometheusQuery({ generatorUrl }: Alert): string | undefined {
  if (generatorUrl === undefined || !URL.canParse(generatorUrl)) return undefined;
  return new URL(generatorUrl).searchParams.get("g0.expr") ?? undefined;
}

/** The model's severity map; `globalConfig.custom_severity_map` overrides it. */
const severityMap: Readonly<Record<string, Severity>> = {
  critical: "HIGH",
  high: "HIGH",
  medium: "HIGH",
  error: "HIGH",
  warning: "LOW",
  low: "LOW",
  info: "INFO",
  debug: "DEBUG",
};

export function alertSeverity({ labels }: Alert, custom: Readonly<Record<string, Severity>> = {}): Severity {
  const name = (labels.severity ?? "").toLowerCase();
  const map = { ...severityMap, ...custom };
  return Object.hasOwn(map, name) ? (map[name] ?? "INFO") : "INFO";
}
