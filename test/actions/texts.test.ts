import { describe, expect, it } from "vitest";
import { alertDefinitionEnricher } from "../../src/actions/alert-definition-enricher.ts";
import { alertExplanationEnricher } from "../../src/actions/alert-explanation-enricher.ts";
import { buttonEnricher } from "../../src/actions/button-enricher.ts";
import { customiseFinding } from "../../src/actions/customise-finding.ts";
import { mentionEnricher } from "../../src/actions/mention-enricher.ts";
import { minimalDefaultEnricher } from "../../src/actions/minimal-default-enricher.ts";
import { links, markdown } from "../../src/index.ts";
import { alertEvent, podEvent, runAction } from "../../src/testing.ts";
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };

it("minimal_default_enricher sends the alert's own words, and nothing else", async () => {
  const annotations = { summary: "Disk is full", description: "90 %" };
  const { findings } = await runAction(minimalDefaultEnricher, alertEvent({ annotations }));
  expect(findings).toMatchObject([
    { title: "Disk is full", description: "90 %", enrichments: [{ blocks: [] }], links: [] },
  ]);
});

describe("alert_explanation_enricher", () => {
  it.each([
    [{ alert_explanation: "a", recommended_resolution: "b" }, ["*What it means:* a", "*What to do:* b"]],
    [{ alert_explanation: "a" }, ["*What it means:* a"]],
    [{ alert_explanation: null, recommended_resolution: "b" }, ["*What to do:* b"]],
    [{}, []],
  ])("%j", async (params, texts) => {
    const { blocks } = await runAction(alertExplanationEnricher, alertEvent(), params);
    expect(blocks).toEqual(texts.map(markdown));
  });
});

describe("alert_definition_enricher", () => {
  const query = "rate(errors[5m]) > 1";
  const url = `http://prometheus.example/graph?g0.expr=${encodeURIComponent(query)}`;

  it.each([
    [url, [`\`\`\`\n${query}\n\`\`\``], [url]],
    ["http://prometheus.example/alerts", [], ["http://prometheus.example/alerts"]],
    ["javascript:alert(1)", [], []],
    [undefined, [], []],
  ])("of the link %s", async (generatorUrl, texts, urls) => {
    const event = alertEvent(generatorUrl === undefined ? {} : { generatorUrl });
    const run = await runAction(alertDefinitionEnricher, event);
    expect(run.blocks).toEqual(texts.map(markdown));
    expect(run.links.map(({ url }) => url)).toEqual(urls);
  });
});

describe("mention_enricher", () => {
  const labels = { owners: "U1.S22H3Q3Q111" };
  const pod = {
    ...podCrash,
    metadata: { ...podCrash.metadata, labels: { owners: "U9" }, annotations: { call: "U7,U8" } },
  };

  it.each([
    [{ static_mentions: ["U44V9P1JJ1Z", "S22H3Q3Q111"] }, "Hey: <@U44V9P1JJ1Z> <!subteam^S22H3Q3Q111>"],
    [{ mentions_label: "owners" }, "Hey: <@U1> <!subteam^S22H3Q3Q111>"],
    [{ mentions_label: "call", message_template: "$mentions: look" }, "<@U7> <@U8>: look"],
    [{ static_mentions: ["U1", "U2"], mentions_label: "owners" }, "Hey: <@U1> <@U2> <!subteam^S22H3Q3Q111>"],
    [{ static_mentions: ["U1", "here", "U1>"] }, "Hey: <@U1>"],
  ])("%j", async (params, text) => {
    expect((await runAction(mentionEnricher, alertEvent({ pod, labels }), params)).blocks).toEqual([markdown(text)]);
  });

  it("reads the label of the object where there is no alert that says otherwise", async () => {
    const { blocks } = await runAction(mentionEnricher, podEvent({ pod }), { mentions_label: "owners" });
    expect(blocks).toEqual([markdown("Hey: <@U9>")]);
  });

  it("takes an annotation of the alert before a label of the object", async () => {
    const event = alertEvent({ pod, annotations: { owners: "U5" } });
    expect((await runAction(mentionEnricher, event, { mentions_label: "owners" })).blocks).toEqual([
      markdown("Hey: <@U5>"),
    ]);
  });

  it.each([{}, { mentions_label: "nobody" }, { static_mentions: ["@here"] }, { static_mentions: null }])(
    "mentions nobody: %j",
    async (params) => {
      expect((await runAction(mentionEnricher, alertEvent({ pod, labels }), params)).findings).toEqual([]);
    },
  );
});

describe("button_enricher", () => {
  const event = () => alertEvent({ pod: podCrash, labels: { team: "a b" } });

  it.each([
    ["Logs of $name", `https://logs.example/\${labels.team}?pod=$namespace/$name`],
    ["x", "HTTP://LOGS.EXAMPLE/a b?pod=shop/crash-5659b5c85d-4z74w"],
  ])("%s, to %s", async (button_text, button_url) => {
    const { blocks } = await runAction(buttonEnricher, event(), { button_text, button_url });
    const text = button_text === "x" ? "x" : "Logs of crash-5659b5c85d-4z74w";
    const scheme = button_text === "x" ? "http" : "https";
    const url = `${scheme}://logs.example/a%20b?pod=shop/crash-5659b5c85d-4z74w`;
    expect(blocks).toEqual([links([{ text, url }])]);
  });

  it.each(["$name", "javascript:alert(1)"])("leads nowhere but to the web: %s", async (button_url) => {
    expect((await runAction(buttonEnricher, event(), { button_text: "x", button_url })).findings).toEqual([]);
  });
});

describe("customise_finding", () => {
  it("says what it is told to, with the subject's names", async () => {
    const { findings } = await runAction(customiseFinding, alertEvent({ pod: podCrash }), {
      title: "$name is down",
      description: "in $namespace",
      severity: "DEBUG",
      aggregation_key: "Mine",
    });
    expect(findings).toMatchObject([
      { title: `${podCrash.metadata.name} is down`, description: "in shop", severity: "DEBUG", aggregationKey: "Mine" },
    ]);
  });

  it.each([{}, { title: null, severity: null, finding_label_rules: null }])(
    "leaves the rest as it was: %j",
    async (params) => {
      const { findings } = await runAction(customiseFinding, alertEvent({ annotations: { summary: "S" } }), params);
      expect(findings).toMatchObject([{ title: "S", severity: "LOW", aggregationKey: "TestAlert" }]);
    },
  );

  const rule = (source_fields: string[], regex: string, target_label: string, replacement: string) => ({
    source_fields,
    regex,
    target_label,
    replacement,
  });

  it.each([
    ["a group of the expression", [rule(["namespace"], "sh(.*)", "team", "$1")], "op"],
    ["nothing where it does not match as a whole", [rule(["namespace"], "sho", "team", "x")], "old"],
    ["fields joined", [rule(["kind", "labels.app"], "pod;crash", "team", "x")], "x"],
    ["fields joined otherwise", [{ ...rule(["kind", "node"], "pod/node-1", "team", "x"), separator: "/" }], "x"],
    ["annotations", [rule(["annotations.on-call"], "(\\w+)@.*", "team", "$1")], "anna"],
    ["what is missing as empty", [rule(["labels.none"], "", "team", "x")], "x"],
    ["the last that matches", [rule(["name"], ".*", "team", "a"), rule(["name"], ".*", "team", "b")], "b"],
    ["what an earlier one set", [rule(["name"], ".*", "a", "1"), rule(["labels.a"], "1", "team", "b")], "b"],
  ])("relabels by %s", async (_, finding_label_rules, team) => {
    const event = alertEvent({
      pod: podCrash,
      labels: { team: "old" },
      annotations: { "on-call": "anna@example.com" },
    });
    const { findings } = await runAction(customiseFinding, event, { finding_label_rules });
    expect(findings).toMatchObject([{ subject: { name: podCrash.metadata.name, labels: { team, app: "crash" } } }]);
  });

  it("refuses fields that there are not, and expressions that RE2 does not take", async () => {
    const finding_label_rules = [rule(["pod"], "(?=x)", "team", "x")];
    await expect(runAction(customiseFinding, alertEvent(), { finding_label_rules })).rejects.toThrow(/^2 problems:/);
  });
});
