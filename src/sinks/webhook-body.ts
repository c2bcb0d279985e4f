/** The body of the webhook sink, within its limit whatever the finding holds. */
import type { Finding } from "../findings/finding.ts";
import { withCoarseGraphs } from "../findings/graph.ts";
import { renderFinding } from "./console.ts";
import { type FindingJson, toFindingJson } from "./finding-json.ts";
import { headOfBytes } from "./fit-text.ts";
import type { SinkContext } from "./sink.ts";
import { escapeText } from "./slack-text.ts";

export interface WebhookBody {
  /** The content type. */
  readonly type: string;
  readonly body: string;
}

interface BodyParams {
  readonly format: "text" | "json";
  readonly slack_webhook: boolean;
  /** Bytes. */
  readonly size_limit: number;
}

export function webhookBody(finding: Finding, context: SinkContext, params: BodyParams): WebhookBody {
  const limit = params.size_limit;
  if (params.slack_webhook) return { type: "application/json", body: slackBody(finding, context, limit) };
  if (params.format === "json") return { type: "application/json", body: jsonBody(finding, context, limit) };
  return { type: "text/plain; charset=utf-8", body: textBody(finding, context, limit) };
}

function textBody(finding: Finding, { possiblyRepeated }: SinkContext, limit: number): string {
  const fitting = firstThatFits(finding, limit, (kept, left) => {
    const note = left === 0 ? "" : `\n\n  ${leftOut(left)}`;
    return `${renderFinding(kept, { colour: false, possiblyRepeated })}${note}\n`;
  });
  return headOfBytes(fitting, limit, "…\n");
}

/** Slack's text has entities, and is cut before they are made, so that none is broken. */
function slackBody(finding: Finding, context: SinkContext, limit: number): string {
  const wrap = (text: string) => JSON.stringify({ text: escapeText(text) });
  let room = limit;
  let body = wrap(textBody(finding, context, room));
  while (Buffer.byteLength(body) > limit && room > 1) {
    room = Math.floor(room * 0.9);
    body = wrap(textBody(finding, context, room));
  }
  return body;
}

/** Where it is too long, graphs lose points before enrichments are left out. */
function jsonBody(finding: Finding, context: SinkContext, limit: number): string {
  const render = (kept: Finding, left: number) => {
    const form: FindingJson = { ...toFindingJson(kept, context), ...(left === 0 ? {} : { enrichmentsLeftOut: left }) };
    return JSON.stringify(form);
  };
  const whole = render(finding, 0);
  if (fits(whole, limit)) return whole;
  const fitting = firstThatFits(withFewerPoints(finding), limit, render);
  return fits(fitting, limit) ? fitting : JSON.stringify(bareJson(finding, context, limit));
}

const withFewerPoints = (finding: Finding): Finding => ({
  ...finding,
  enrichments: finding.enrichments.map((one) => ({ ...one, blocks: withCoarseGraphs(one.blocks) })),
});

/** What is left when not even a finding without enrichments fits: its names, cut, and nothing that can be long. */
function bareJson(finding: Finding, context: SinkContext, limit: number): FindingJson {
  const share = Math.floor(limit / 64);
  const cut = (text: string) => headOfBytes(text, share, "…");
  const { subject } = finding;
  return {
    ...toFindingJson(finding, context),
    title: cut(finding.title),
    description: "Left out: the finding is longer than size_limit.",
    aggregationKey: cut(finding.aggregationKey),
    cluster: cut(finding.cluster),
    fingerprint: cut(finding.fingerprint),
    subject: { name: cut(subject.name), kind: cut(subject.kind), labels: {}, annotations: {} },
    links: [],
    notes: [],
    enrichments: [],
    enrichmentsLeftOut: finding.enrichments.length,
  };
}

/** The rendering with the most enrichments that fits, the last ones left out first; with none where nothing fits. */
function firstThatFits(finding: Finding, limit: number, render: (finding: Finding, leftOut: number) => string): string {
  const { enrichments } = finding;
  const withFirst = (count: number) =>
    render({ ...finding, enrichments: enrichments.slice(0, count) }, enrichments.length - count);
  let count = 0;
  let best = withFirst(enrichments.length);
  if (fits(best, limit)) return best;
  best = withFirst(0);
  // One at a time from the front, so that a huge last enrichment is never rendered twice.
  for (let next = withFirst(1); count < enrichments.length - 1 && fits(next, limit); next = withFirst(count + 1)) {
    best = next;
    count += 1;
  }
  return best;
}

const fits = (text: string, limit: number): boolean => Buffer.byteLength(text) <= limit;

const leftOut = (count: number): string =>
  count === 1
    ? "One more enrichment was left out to keep within size_limit."
    : `${count} more enrichments were left out to keep within size_limit.`;
