import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { kubeconfigText } from "../helpers/kubeconfig.ts";

const folder = mkdtempSync(join(tmpdir(), "cortado-kubeconfig-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text = kubeconfigText({
  server: "https://kubernetes.example.org",
  cluster: { "certificate-authority": "ca.crt" },
});

describe("a kubeconfig", () => {
  it("from a file, with its paths beside that file", () => {
    const path = join(folder, "config");
    writeFileSync(path, text);
    expect(loadKubeConfig({ from: "file", path }).getCurrentCluster()).toMatchObject({
      server: "https://kubernetes.example.org",
      caFile: join(folder, "ca.crt"),
    });
  });

  it.each([
    [
      "a file that is not there",
      { from: "file", path: join(folder, "none") } as const,
      /none {2}The kubeconfig cannot be read: ENOENT/,
    ],
    ["text that is no YAML", { from: "text", text: "{" } as const, /kubeconfig {2}The kubeconfig cannot be read/],
    ["text that is no kubeconfig", { from: "text", text: "hello" } as const, /kubeconfig {2}/],
    [
      "a context that is not in it",
      { from: "text", text, context: "other" } as const,
      /"other" names no server; the contexts are: x\./,
    ],
    ["a pod's where this is none", { from: "pod" } as const, /this is not a pod, or it mounts no service account/],
  ])("says what is wrong with %s", (_, source, message) => {
    expect(() => loadKubeConfig(source)).toThrow(message);
    expect(() => loadKubeConfig(source)).toThrow(expect.objectContaining({ name: "ConfigurationError" }));
  });
});
