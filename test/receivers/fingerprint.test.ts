import { describe, expect, it } from "vitest";
import { fingerprintOf, isFingerprint } from "../../src/receivers/fingerprint.ts";
import { recorded } from "../helpers/test-server.ts";

describe("the fingerprint of labels is Alertmanager's", () => {
  const vectors: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{}, "cbf29ce484222325"],
    [{ alertname: "TestAlert" }, "dab43189276e5f48"],
    [{ alertname: "KubePodCrashLooping", namespace: "default", pod: "web-0" }, "1f33f9bd51f9e0bd"],
    [{ pod: "web-0", namespace: "default", alertname: "KubePodCrashLooping" }, "1f33f9bd51f9e0bd"],
    // Upstream's own: 5799056148416392346.
    [{ name: "garland, briggs", fear: "love is not enough" }, 5799056148416392346n.toString(16)],
  ];
  it.each(vectors)("%o", (labels, fingerprint) => {
    expect(fingerprintOf(labels)).toBe(fingerprint);
  });

  it("differs where a character moves from a name to its value", () => {
    expect(fingerprintOf({ ab: "c" })).not.toBe(fingerprintOf({ a: "bc" }));
  });

  const names = ["wh-default-0001", "wh-default-0003", "wh-default-0008", "wh-nogroup-0006", "wh-truncated-0005"];
  it.each(names.flatMap((name) => [`0.25/${name}`, `0.28/${name}`]))("as recorded: %s", async (name) => {
    const { alerts } = await recorded(name);
    for (const alert of alerts) {
      const { labels, fingerprint } = Object(alert);
      expect(fingerprintOf(labels)).toBe(fingerprint);
    }
  });
});

it.each([
  ["61fedfd61bacd0fc", true],
  ["61FEDFD61BACD0FC", false],
  ["61fedfd61bacd0f", false],
  ["61fedfd61bacd0fcc", false],
  ["", false],
  [undefined, false],
])("%s is a fingerprint: %s", (text, is) => {
  expect(isFingerprint(text)).toBe(is);
});
