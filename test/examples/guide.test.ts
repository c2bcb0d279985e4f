import { describe, expect, it } from "vitest";
import { myAction } from "../../docs/examples/my-actions/my-action.ts";
import { podBashEnricher } from "../../docs/examples/my-actions/pod-bash-enricher.ts";
import { podChangeMonitor } from "../../docs/examples/my-actions/pod-change-monitor.ts";
import { file, markdown } from "../../src/index.ts";
import { alertEvent, fakeCluster, podChangeEvent, podEvent, runAction } from "../../src/testing.ts";

describe("my_action", () => {
  it("shows the processes and attaches the log", async () => {
    const cluster = fakeCluster({ logs: "FATAL: no database\n", exec: "PID USER\n1 root" });
    const { blocks } = await runAction(myAction, podEvent({ pod: { metadata: { name: "api-1" } }, cluster }));
    expect(blocks).toEqual([
      markdown("*Oh no!* An alert occurred on api-1"),
      file("crashing-pod.log", "FATAL: no database\n"),
      markdown("```\nPID USER\n1 root\n```"),
    ]);
    expect(cluster.commands).toEqual([["sh", "-c", "ps aux"]]);
  });

  it("says in the log that there is no pod", async () => {
    const { blocks, log } = await runAction(myAction, alertEvent());
    expect(blocks).toEqual([]);
    expect(log).toMatchObject([{ level: "warn", message: "no pod on this event" }]);
  });
});

describe("pod_bash_enricher", () => {
  it.each<[string, Parameters<typeof podEvent>[0], string[]]>([
    ["shows what the command printed", { exec: "total 0\n" }, ["```\ntotal 0\n```"]],
    ["shows that it printed nothing", { exec: "" }, ["_It printed nothing._"]],
    [
      "shows how it failed",
      { exec: { stderr: "ls: no such file", exitCode: 2 } },
      ["```\nls: no such file\n```", "It ended with exit code 2."],
    ],
  ])("%s", async (_, event, texts) => {
    const { blocks } = await runAction(podBashEnricher, podEvent(event), { bash_command: "ls -al /" });
    expect(blocks).toEqual(["Command results for *ls -al /:*", ...texts].map(markdown));
  });

  it("fails with the cluster's reason where the pod cannot run anything", async () => {
    const refuse = () => ({ code: 500, message: "container not found" });
    const cluster = fakeCluster({ refuse: ({ resource }) => (resource === "pods/exec" ? refuse() : undefined) });
    const run = runAction(podBashEnricher, podEvent({ cluster }), { bash_command: "ls" });
    await expect(run).rejects.toThrow("The cluster test refused get pods/exec checkout-pod in shop");
  });
});

describe("pod_change_monitor", () => {
  it("logs the operation and both versions", async () => {
    const event = podChangeEvent({ obj: { spec: { nodeName: "b" } }, oldObj: { spec: { nodeName: "a" } } });
    const { log, findings } = await runAction(podChangeMonitor, event);
    const fields = { operation: "update", obj: { spec: { nodeName: "b" } }, oldObj: { spec: { nodeName: "a" } } };
    expect(log).toMatchObject([{ level: "info", message: "pod checkout-pod: update", fields }]);
    expect(findings).toEqual([]);
  });
});
