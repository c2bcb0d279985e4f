import { expect, it } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../src/kubernetes/to-yaml.ts";
import podOom from "../fixtures/objects/pod-oom-loop.json" with { type: "json" };

it("is the object, without what nobody reads", async () => {
  const { annotations: _, managedFields: __, ...metadata } = podOom.metadata;
  expect(parse(await toYaml(podOom))).toEqual({ ...podOom, metadata });
});

it("leaves other annotations and long lines as they are", async () => {
  const long = "word ".repeat(50).trim();
  const text = await toYaml({ kind: "Pod", metadata: { name: "a", annotations: { long } } });
  expect(text).toBe(`kind: Pod\nmetadata:\n  name: a\n  annotations:\n    long: ${long}\n`);
});

it("names what a Secret holds, and does not show it", async () => {
  const secret = { kind: "Secret", metadata: { name: "a" }, type: "Opaque", data: { key: "c2VjcmV0" } };
  expect(parse(await toYaml(secret))).toEqual({ ...secret, data: { key: "<hidden>" } });
});
