import { expect, it } from "vitest";
import * as z from "zod";
import { prometheusParams } from "../../src/index.ts";

const schema = z.strictObject({ ...prometheusParams });

it("all may be left out", () => {
  expect(schema.parse({})).toEqual({ add_additional_labels: true });
});

it.each([
  ["an address without a scheme", { prometheus_url: "prometheus:9090" }, { prometheus_url: "http://prometheus:9090" }],
  ["an empty address, which is none", { prometheus_url: "" }, { prometheus_url: "" }],
  ["a query with its mark", { prometheus_url_query_string: "?a=b" }, { prometheus_url_query_string: "a=b" }],
  ["AWS", { prometheus_aws: { region: "eu-1" } }, { prometheus_aws: { region: "eu-1", service_name: "aps" } }],
  [
    "another graph",
    { prometheus_graphs_overrides: [{ resource_type: "CPU", item_type: "Pod", query: "up" }] },
    { prometheus_graphs_overrides: [{ resource_type: "CPU", item_type: "Pod", query: "up" }] },
  ],
])("%s", (_, input, expected) => {
  expect(schema.parse(input)).toMatchObject(expected);
});

it.each([
  ["an address that is none", { prometheus_url: "http://" }, "This is no http or https URL."],
  ["a password in it", { prometheus_url: "http://a:b@c" }, "Give credentials in `prometheus_auth`, not in the URL."],
  ["a line break in a header", { prometheus_auth: "Bearer a\n" }, "is there a line break in it?"],
  [
    "a name that no header can have",
    { prometheus_additional_headers: { "a b": "c" } },
    "cannot be the name of a header",
  ],
  ["a name that no label can have", { prometheus_additional_labels: { "a-b": "c" } }, "cannot be the name of a label"],
  [
    "half a key",
    { prometheus_aws: { region: "a", access_key: "b" } },
    "Give both `access_key` and `secret_access_key`",
  ],
])("not %s", (_, input, message) => {
  expect(() => schema.parse(input)).toThrow(message);
});
