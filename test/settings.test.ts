import { expect, it } from "vitest";
import { settingsFrom } from "../src/settings.ts";

it.each<[string | undefined, unknown]>([
  [undefined, undefined],
  ["/var/bundles", { kind: "folder", folder: "/var/bundles" }],
  ["bundles", { kind: "folder", folder: "bundles" }],
  ["s3://my-bucket", { kind: "s3", bucket: "my-bucket", prefix: "", region: "eu-west-1" }],
  ["s3://my-bucket/a/b/", { kind: "s3", bucket: "my-bucket", prefix: "a/b", region: "eu-west-1" }],
])("CORTADO_BUNDLES=%s", (where, store) => {
  const env = { AWS_REGION: "eu-west-1", ...(where === undefined ? {} : { CORTADO_BUNDLES: where }) };
  expect(settingsFrom(env).store).toEqual(store);
});

it.each(["gs://bucket", "s3://", "s3://B", "http://host/bundles"])("CORTADO_BUNDLES=%s is refused", (where) => {
  const problem = `CORTADO_BUNDLES  ${JSON.stringify(where)} is neither a folder nor \`s3://bucket/prefix\``;
  expect(() => settingsFrom({ CORTADO_BUNDLES: where })).toThrow(problem);
});
