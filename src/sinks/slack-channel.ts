/** `channel_override`: a channel made of the cluster's name and of the subject's labels and annotations. */
import type { Finding } from "../findings/finding.ts";

const reference = String.raw`cluster_name|(?:labels|annotations)\.`;
const alone = /^(?:cluster_name|(?:labels|annotations)\..+)$/;
const within = new RegExp(
  String.raw`\$\{((?:${reference})[^}]*)\}|\$((?:cluster_name)|(?:labels|annotations)\.[A-Za-z0-9_]+)`,
  "g",
);

/** Why a template cannot be used, in a sentence; undefined where it can. */
export function channelTemplateProblem(template: string): string | undefined {
  if (alone.test(template) || [...template.matchAll(within)].length > 0) return;
  return "This names nothing to take the channel from: write `cluster_name`, `labels.x`, `annotations.x`, or a text with `$cluster_name` in it, the others in braces after a dollar sign.";
}

/** The channel for a finding; undefined where something that the template names is missing. */
export function overriddenChannel(template: string, finding: Finding): string | undefined {
  if (alone.test(template)) return referenced(template, finding);
  let missing = false;
  const channel = template.replaceAll(within, (_, braced: string | undefined, bare: string | undefined) => {
    const value = referenced(braced ?? bare ?? "", finding);
    missing ||= value === undefined;
    return value ?? "";
  });
  return missing ? undefined : channel;
}

function referenced(name: string, { cluster, subject }: Finding): string | undefined {
  if (name === "cluster_name") return cluster || undefined;
  const dot = name.indexOf(".");
  const labels = name.startsWith("labels.") ? subject.labels : subject.annotations;
  return lookUp(labels, name.slice(dot + 1)) || undefined;
}

/** By its own name, else by the name that Prometheus makes of it (`app.kubernetes.io/name` is `app_kubernetes_io_name` there). */
function lookUp(labels: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(labels, name)) return labels[name];
  const wanted = underscored(name);
  return Object.entries(labels).find(([label]) => underscored(label) === wanted)?.[1];
}

const underscored = (name: string) => name.replace(/[/.-]/g, "_");
