import { describe, expect, it } from "vitest";
import { createFinding } from "../../src/actions/create-finding.ts";
import { defaultEnricher } from "../../src/actions/default-enricher.ts";
import { severitySilencer } from "../../src/actions/severity-silencer.ts";
import { templateEnricher } from "../../src/actions/template-enricher.ts";
import { markdown, table } from "../../src/index.ts";
import { alertEvent, changeEvent, deploymentEvent, runAction } from "../../src/testing.ts";

describe("default_enricher", () => {
  const annotations = {
    summary: "Pod is crash looping.",
    description: "It restarts.",
    dashboard: "https://grafana.example/d/1",
  };
  const generatorUrl = "http://prometheus.example/graph?g0.expr=up";

  it("shows the labels and links to the query", async () => {
    const event = alertEvent({ labels: { team: "checkout" }, annotations, generatorUrl });
    const { enrichments, links } = await runAction(defaultEnricher, event);
    const labels = [
      ["alertname", "TestAlert"],
      ["severity", "warning"],
      ["team", "checkout"],
    ];
    expect(enrichments).toEqual([
      { title: "Alert labels", type: "alert_labels", blocks: [table(["label", "value"], labels)] },
    ]);
    expect(links).toEqual([{ name: "Prometheus", url: generatorUrl, type: "prometheus_generator_url" }]);
  });

  it.each<[Record<string, string>, string[]]>([
    [annotations, ["*dashboard*\nhttps://grafana.example/d/1"]],
    [{ summary: "a", description: "b", message: "c" }, ["*message*\nc"]],
    [{ summary: "a", message: "c", runbook_url: "https://runbooks.example/x" }, []],
    [{ runbook_url: "see the wiki" }, ["*runbook_url*\nsee the wiki"]],
    [{}, []],
  ])("shows the annotations that the finding does not say already: of %o", async (annotations, texts) => {
    const params = { alert_annotations_enrichment: true };
    const { enrichments } = await runAction(defaultEnricher, alertEvent({ annotations }), params);
    const shown = texts.length === 0 ? [] : [{ title: "Alert annotations", blocks: texts.map(markdown) }];
    expect(enrichments.slice(1)).toEqual(shown);
  });

  it.each<[string, Parameters<typeof alertEvent>[0], boolean, string[]]>([
    ["links to the runbook", { annotations: { runbook_url: "https://runbooks.example/x" } }, true, ["Runbook"]],
    ["links to no runbook that is no address", { annotations: { runbook_url: "see the wiki" } }, true, []],
    ["links to no script", { generatorUrl: "javascript:alert(1)" }, true, []],
    ["leaves the query out where it is told to", { generatorUrl }, false, []],
  ])("%s", async (_, options, alert_generator_link, names) => {
    const { links } = await runAction(defaultEnricher, alertEvent(options), { alert_generator_link });
    expect(links.map(({ name }) => name)).toEqual(names);
  });
});

describe("severity_silencer", () => {
  it.each([
    ["none", { severity: "none" }, true],
    ["Warning", { severity: "warning" }, true],
    ["critical", { severity: "warning" }, false],
    ["none", {}, false],
  ])("of %s, on %o: stops %s", async (severity, labels, stopped) => {
    const without = { severity: "" };
    const run = await runAction(severitySilencer, alertEvent({ labels: { ...without, ...labels } }), { severity });
    expect(run).toMatchObject({ stopped, findings: [] });
  });

  it("silences `none` where nothing is said", async () => {
    expect((await runAction(severitySilencer, alertEvent({ labels: { severity: "none" } }))).stopped).toBe(true);
  });
});

describe("create_finding", () => {
  it("makes a finding about the event's subject, with its names filled in", async () => {
    const deployment = { metadata: { name: "checkout", labels: { team: "payments" } } };
    const { findings } = await runAction(createFinding, deploymentEvent({ object: deployment }), {
      title: `$kind $name broke`,
      aggregation_key: "Broken",
      description: `Call \${labels.team}, \${annotations.phone}`,
      severity: "LOW",
    });
    expect(findings).toMatchObject([
      {
        title: "deployment checkout broke",
        aggregationKey: "Broken",
        description: "Call payments, <missing>",
        severity: "LOW",
        subject: { name: "checkout", namespace: "shop" },
      },
    ]);
  });

  it.each([undefined, null])("is HIGH where the severity is %s", async (severity) => {
    const params = { title: "x", aggregation_key: "X", ...(severity === undefined ? {} : { severity }) };
    const { findings } = await runAction(createFinding, alertEvent(), params);
    expect(findings).toMatchObject([{ severity: "HIGH", aggregationKey: "X" }]);
  });
});

describe("template_enricher", () => {
  it("fills in an alert's labels over those of the object", async () => {
    const pod = { metadata: { name: "api-1", labels: { team: "old", app: "api" } } };
    const event = alertEvent({ pod, labels: { team: "new" } });
    const template = `*$name* in $namespace on $node: \${labels.team} \${labels.app}`;
    const { blocks } = await runAction(templateEnricher, event, { template });
    expect(blocks).toEqual([markdown("*api-1* in shop on node-1: new api")]);
  });

  it("works on changes of objects too", async () => {
    const { blocks } = await runAction(templateEnricher, changeEvent("ReplicaSet"), { template: "$kind $name" });
    expect(blocks).toEqual([markdown("replicaset checkout-replicaset")]);
  });

  it("says nothing where there is no text", async () => {
    expect((await runAction(templateEnricher, alertEvent())).findings).toEqual([]);
  });
});
