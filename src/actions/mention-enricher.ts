import * as z from "zod";
import { action, isA, KubernetesResourceEvent, markdown, PrometheusKubernetesAlert } from "../index.ts";

export const mentionEnricher = action({
  name: "mention_enricher",
  description: "Mentions people or groups in Slack: those named here, and those that a label or annotation names.",
  on: KubernetesResourceEvent,
  effects: "read",
  params: z.strictObject({
    static_mentions: z
      .array(z.string())
      .nullish()
      .describe("Slack ids of people (U44V9P1JJ1Z) and of groups (S22H3Q3Q111)"),
    mentions_label: z
      .string()
      .nullish()
      .describe("A label or annotation of the alert, or of the object, whose value is ids with dots or commas between"),
    message_template: z.string().default("Hey: $mentions").describe("Markdown; $mentions is filled in"),
  }),
  run(event, { static_mentions, mentions_label, message_template }, { log }) {
    const named = mentions_label ? namedBy(event, mentions_label) : "";
    const ids = [...new Set([...(static_mentions ?? []), ...named.split(/[.,\s]+/)])].filter((id) => id !== "");
    const mentions = ids.flatMap(mentionOf);
    if (mentions.length < ids.length) log.warn("what is no id of Slack is not mentioned", { ids });
    if (mentions.length === 0) return log.info("nobody to mention");
    event.addEnrichment([markdown(message_template.replaceAll("$mentions", () => mentions.join(" ")))]);
  },
});

/** What the alert itself says comes before what its object says. */
function namedBy(event: KubernetesResourceEvent, key: string): string {
  const { labels, annotations } = event.getSubject();
  const own = isA(event, PrometheusKubernetesAlert)
    ? (event.alert.labels[key] ?? event.alert.annotations[key])
    : undefined;
  return own ?? labels[key] ?? annotations[key] ?? "";
}

/** https://docs.slack.dev/messaging/formatting-message-text#mentioning-users */
function mentionOf(id: string): string[] {
  if (/^[UW][A-Z0-9]+$/.test(id)) return [`<@${id}>`];
  return /^S[A-Z0-9]{7,}$/.test(id) ? [`<!subteam^${id}>`] : [];
}
