import { describe, expect, it } from "vitest";
import { accepts } from "../../src/sinks/route.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { findingOf } from "../helpers/findings.ts";

const paramsOf = (params: object) => {
  const type = sinkTypes.get("file_sink");
  if (type === undefined) throw new Error("there is no file_sink");
  return type.params.parse({ name: "all", ...params });
};

describe("which findings a sink takes", () => {
  it.each([
    [{}, true],
    [{ match: { severity: "HIGH" } }, true],
    [{ match: { severity: ["LOW", "HI"] } }, true],
    [{ match: { severity: "IGH" } }, false],
    [{ match: { namespace: "sh" } }, true],
    [{ match: { namespace: "sh", kind: "deployment" } }, false],
    [{ match: { identifier: "KubePod" } }, true],
    [{ match: { labels: "app=checkout" } }, true],
    [{ match: { labels: "app=check" } }, false],
    [{ match: { labels: { app: "checkout", "team.example.com/name": "cart" } } }, true],
    [{ match: { annotations: "missing=1" } }, false],
    [{ scope: { include: [{ severity: "HIGH", source: "prometheus" }] } }, true],
    [{ scope: { include: [{ title: "Pod" }] } }, false],
    [{ scope: { exclude: [{ kind: "pod", labels: "app=ch.*" }] } }, false],
    [{ match: { kind: "pod" }, scope: { include: [{ node: "worker-2" }] } }, false],
  ])("%j", (params, accepted) => {
    expect(accepts(paramsOf(params), findingOf()).accepted).toBe(accepted);
  });

  it("says why not", () => {
    expect(accepts(paramsOf({ match: { kind: "node" } }), findingOf())).toEqual({
      accepted: false,
      reason: "match.kind does not match",
    });
  });
});

describe("params", () => {
  it.each([
    ["slack_sink", { slack_channel: "x", api_key: "t", chanel_override: "y" }, /chanel_override/],
    ["slack_sink", { slack_channel: "x", api_key: "t", grouping: { notification_mode: {} } }, /Say how, in one way/],
    [
      "slack_sink",
      { slack_channel: "x", api_key: "t", channel_override: "alerts" },
      /names nothing to take the channel from/,
    ],
    ["slack_sink", { slack_channel: "x", api_key: "t", investigate_link: true }, /no page to investigate on/],
    ["slack_sink", { slack_channel: "two words", api_key: "t" }, /without spaces/],
    ["slack_sink", { slack_channel: "x", api_key: "a\nb" }, /no token/],
    ["file_sink", { send_svg: true }, /no SVG to send; slack_sink does/],
    ["file_sink", { match: { type: "issue" } }, /Findings have no type/],
    ["file_sink", { scope: { include: [{ namespace_labels: "a=b" }] } }, /Labels of namespaces/],
    ["file_sink", { match: { title: "(" } }, /is not a regular expression/],
    ["webhook_sink", { url: "ftp://x" }, /no http or https URL/],
    ["webhook_sink", { url: "https://u:p@x" }, /credentials in `authorization`/],
    ["webhook_sink", { url: "https://x", authorization: "a\nb" }, /cannot stand in a header/],
    ["webhook_sink", { url: "https://x", size_limit: 10 }, /holds no finding/],
  ])("of %s refuse %j", (name, params, problem) => {
    const { error } = sinkTypes.get(name)?.params.safeParse({ name: "main", ...params }) ?? {};
    expect(error?.issues.map(({ message, path }) => `${path.join(".")} ${message}`).join("; ")).toMatch(problem);
  });

  it.each([
    ["slack_sink", { slack_channel: "#alerts", api_key: "xoxb-1", send_svg: false, disable_holmes_note: true }],
    ["webhook_sink", { url: "https://example.com/hook", authorization: "Bearer x" }],
    ["console_sink", {}],
    ["file_sink", { file_name: "/tmp/x", default: false, stop: true }],
  ])("of %s take %j", (name, params) => {
    expect(sinkTypes.get(name)?.params.parse({ name: "main", ...params })).toMatchObject({ name: "main", ...params });
  });
});
