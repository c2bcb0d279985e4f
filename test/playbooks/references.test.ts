import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { parseConfiguration, readConfiguration } from "../../src/playbooks/configuration.ts";
import { load, loadPlaybooks } from "../../src/playbooks/load.ts";
import type { SecretReader } from "../../src/playbooks/references.ts";
import { createScrubber } from "../../src/tools/scrub.ts";
import { writeFolder } from "../helpers/write-folder.ts";
import { vocabulary } from "./vocabulary.ts";

const env = { TOKEN: "xoxb-1234", HOST: "argo.example.com", SECONDS: "90", VERIFY: "false", EMPTY: "" };

const argo = (params: string) =>
  `customPlaybooks:\n- triggers: [on_pod_update: ]\n  actions:\n  - argo_app_sync:\n      ${params.split("\n").join("\n      ")}\n`;

const paramsOf = (params: string) =>
  loadPlaybooks(readConfiguration(argo(params), { file: "c.yaml", env }), vocabulary)[0]?.steps[0]?.params;

describe("references", () => {
  it("stand anywhere in strings, and become what the field wants", () => {
    expect(
      paramsOf(
        'argo_url: https://{{ env.HOST }}/{{env.EMPTY}}x\nargo_token: "{{ env.TOKEN }}"\nrate_limit_seconds: "{{ env.SECONDS }}"\nargo_verify_server_cert: "{{ env.VERIFY }}"',
      ),
    ).toEqual({
      argo_url: "https://argo.example.com/x",
      argo_token: "xoxb-1234",
      rate_limit_seconds: 90,
      argo_verify_server_cert: false,
    });
  });

  it("stand in lists, in maps, and under every section", () => {
    const text = `
customPlaybooks:
- triggers:
  - on_prometheus_alert: {scope: {include: [{labels: ["team={{ env.HOST }}"]}]}}
  actions: [logs_enricher: ]
  sinks: ["{{ env.HOST }}"]
sinksConfig:
- slack_sink: {name: "{{ env.HOST }}", slack_channel: "#{{ env.HOST }}", api_key: "{{ env.TOKEN }}"}
`;
    const { playbooks, sinks } = load(readConfiguration(text, { file: "c.yaml", env }), vocabulary);
    expect(playbooks[0]?.triggers[0]?.params).toMatchObject({
      scope: { include: [{ labels: ["team=argo.example.com"] }] },
    });
    expect(sinks[0]?.params).toMatchObject({ slack_channel: "#argo.example.com", api_key: "xoxb-1234" });
  });

  it("name files, relative to the configuration, without the newline at their end", () => {
    const folder = writeFolder({ "secrets/token": "xoxb-5678\n", "cortado.yaml": "" });
    const text = argo('argo_url: https://x\nargo_token: "{{ file.secrets/token }}"');
    const file = join(folder, "cortado.yaml");
    expect(loadPlaybooks(readConfiguration(text, { file }), vocabulary)[0]?.steps[0]?.params).toMatchObject({
      argo_token: "xoxb-5678",
    });
    const absolute = text.replace("file.", `file.${folder}/`);
    expect(loadPlaybooks(readConfiguration(absolute, { file }), vocabulary)[0]?.steps[0]?.params).toMatchObject({
      argo_token: "xoxb-5678",
    });
  });

  it("leave other braces alone", () => {
    const params = paramsOf(
      "argo_url: https://x\nargo_token: '{{ .Labels.pod }} {{ secrets.x }} {{env}} { env.TOKEN }'",
    );
    expect(params).toMatchObject({ argo_token: "{{ .Labels.pod }} {{ secrets.x }} {{env}} { env.TOKEN }" });
  });

  it("are named where they are missing, each with its place and never with a value", () => {
    const text = `clusterName: "{{ env.CLUSTER }}"\nglobalConfig:\n  a: ["x{{ env.TOKEN }}{{ env.GONE }}", "{{ file./does/not/exist }}"]\n  b: "{{ env. }}"\n  c: "{{ secret.ns/name }}"\nclusterLabel: "{{ secret.ns/name/key }}"\n`;
    const { problems } = parseConfiguration(text, { file: "c.yaml", env });
    expect(problems).toEqual([
      { at: "c.yaml:1:14", message: "The environment variable CLUSTER is not set." },
      { at: "c.yaml:3:7", message: "The environment variable GONE is not set." },
      { at: "c.yaml:3:41", message: "The file /does/not/exist cannot be read." },
      { at: "c.yaml:4:6", message: "{{ env. }} names nothing." },
      { at: "c.yaml:5:6", message: "{{ secret.ns/name }} is not of the form {{ secret.namespace/name/key }}." },
      {
        at: "c.yaml:6:15",
        message:
          "{{ secret.ns/name/key }} may stand only in the params of actions and sinks, and in globalConfig; use {{ env.NAME }} or {{ file./path }}.",
      },
    ]);
  });

  it("do not show their values in what is said of them", () => {
    const text = argo('argo_url: "{{ env.TOKEN }}"\nargo_token: t\nrate_limit_seconds: "{{ env.TOKEN }}"');
    const { problems } = load(readConfiguration(text, { file: "c.yaml", env }), vocabulary);
    expect(problems.map(({ message }) => message)).toEqual([
      "`argo_url` of argo_app_sync: invalid URL.",
      "`rate_limit_seconds` of argo_app_sync must be a number, not a string.",
    ]);
    expect(inspect(problems)).not.toContain("xoxb");
  });

  it("make their values known to the scrubber, but not names and everyday words", () => {
    const scrubber = createScrubber();
    const text = `clusterName: "{{ env.CLUSTER }}"\nsinksConfig: [slack_sink: {name: "{{ env.NAME }}", slack_channel: "{{ env.YES }}", api_key: "{{ env.TOKEN }}"}]\n`;
    readConfiguration(text, { file: "c.yaml", scrubber, env: { ...env, CLUSTER: "prod", NAME: "main", YES: "true" } });
    expect(scrubber.scrub("prod main true xoxb-1234")).toBe("prod main true [secret]");
  });

  describe("to secrets of the cluster", () => {
    const text = argo(
      'argo_url: "https://{{ secret.argo/server/host }}/"\nargo_token: "{{ secret.argo/server/token }}"\nrate_limit_seconds: "{{ secret.argo/server/seconds }}"',
    );
    const reader =
      (values: Readonly<Record<string, string>>): SecretReader =>
      async (namespace, name, key) =>
        values[`${namespace}/${name}/${key}`];
    const step = (scrubber = createScrubber()) =>
      loadPlaybooks(readConfiguration(text, { file: "c.yaml", scrubber }), vocabulary)[0]?.steps[0];
    const secrets = {
      "argo/server/host": "argo.example.com",
      "argo/server/token": "t0k3n-xyz",
      "argo/server/seconds": "30",
    };

    it("are read and checked when they are used", async () => {
      const scrubber = createScrubber();
      const found = step(scrubber);
      expect(found?.params).toBeUndefined();
      expect(await found?.resolveParams?.(reader(secrets))).toEqual({
        argo_url: "https://argo.example.com/",
        argo_token: "t0k3n-xyz",
        rate_limit_seconds: 30,
        argo_verify_server_cert: true,
      });
      expect(scrubber.scrub("t0k3n-xyz at argo.example.com")).toBe("[secret] at [secret]");
    });

    it("are named where they are missing", async () => {
      const found = step()?.resolveParams?.(reader({ "argo/server/host": "x", "argo/server/seconds": "1" }));
      await expect(found).rejects.toThrow("The key token of the Secret argo/server does not exist.");
    });

    it("are refused where their values do not fit, without showing them", async () => {
      const found = step()?.resolveParams?.(reader({ ...secrets, "argo/server/seconds": "hunter22" }));
      await expect(found).rejects.toThrow(
        "1 problem:\n  c.yaml:7:27  `rate_limit_seconds` of argo_app_sync must be a number, not a string.",
      );
    });

    it("do not keep the rest from being checked when it is loaded", () => {
      const wrong = text.replace("argo_token:", "argo_tokn:");
      expect(load(readConfiguration(wrong, { file: "c.yaml" }), vocabulary).problems).toEqual([
        { at: "c.yaml:4:5", message: "argo_app_sync needs `argo_token`, a string." },
        { at: "c.yaml:6:7", message: "argo_app_sync has no `argo_tokn`; did you mean `argo_token`?" },
      ]);
    });

    it("come from globalConfig too", async () => {
      const global = `${argo("argo_url: https://x")}globalConfig: {argo_token: "{{ secret.argo/server/token }}"}\n`;
      const [found] = loadPlaybooks(readConfiguration(global, { file: "c.yaml" }), vocabulary);
      expect(await found?.steps[0]?.resolveParams?.(reader(secrets))).toMatchObject({ argo_token: "t0k3n-xyz" });
    });
  });

  it("are taken to be there where they are only assumed, and what stands around them is checked", () => {
    const text = `clusterName: "{{ env.GONE }}"\n${argo('argo_url: "{{ env.GONE }}"\nargo_token: "{{ file./gone }}"\nrate_limit_seconds: "{{ env.GONE }}"\nargo_verify: 1')}  stop: "{{ env.GONE }}"\n`;
    const { configuration, problems } = parseConfiguration(text, { file: "c.yaml", references: "assume" });
    expect(problems).toEqual([]);
    expect(load(configuration, vocabulary).problems).toEqual([
      { at: "c.yaml:9:7", message: "argo_app_sync has no `argo_verify`." },
    ]);
  });
});
