import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as builtin from "../../src/actions/all.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { loadGeneration } from "../../src/playbooks/generation.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { triggers } from "../../src/triggers/triggers.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const folder = fileURLToPath(new URL("../../docs/examples/my-actions", import.meta.url));
const written = readFileSync(`${folder}/cortado.yaml`, "utf8");

const load = (text: string) =>
  loadGeneration({
    file: "cortado.yaml",
    text,
    env: { MY_ACTIONS: folder, ARGO_TOKEN: "argo-t0k3n" },
    builtinActions: Object.values(builtin),
    triggers,
    sinkTypes,
    workDir: writeFolder({}),
  });

describe("docs/examples/my-actions", () => {
  it("loads as a user's repository would, compiled from its folder", async () => {
    const { playbooks, actions } = await load(written);
    expect(playbooks.map(({ steps }) => steps.map(({ action }) => action.name))).toEqual([
      ["my_action", "pod_bash_enricher", "argo_app_sync"],
      ["pod_change_monitor"],
    ]);
    expect(actions.map(({ name }) => name).sort()).toEqual(
      [
        ...Object.values(builtin).map(({ name }) => name),
        "my_action",
        "pod_bash_enricher",
        "argo_app_sync",
        "pod_change_monitor",
      ].sort(),
    );
  });

  it("is refused where pod_change_monitor stands under an alert, with the reason and what to do", async () => {
    const wrong = written.replace("on_pod_all_changes", "on_prometheus_alert");
    const error = await load(wrong).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toMatch(/pod_change_monitor.*PodChangeEvent.*on_prometheus_alert.*PodEvent/s);
  });
});
