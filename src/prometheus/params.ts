/** The params that every action has that asks Prometheus: names and meaning as the model has them. */
import * as z from "zod";

const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const notInHeader = "This cannot stand in a header; is there a line break in it?";

const overrideSchema = z.strictObject({
  resource_type: z.enum(["CPU", "Memory", "Disk"]).describe("Of which resource."),
  item_type: z.enum(["Pod", "Node", "Container"]).describe("Of what."),
  query: z.string().min(1).describe("The PromQL to draw instead; `$pod`, `$node` and the like are filled in."),
  values_format: z
    .enum(["Plain", "Bytes", "Percentage", "CPUUsage"])
    .optional()
    .describe("How values are written; default: by the resource."),
});

const awsSchema = z.strictObject({
  region: z.string().min(1).describe("Such as `eu-central-1`."),
  service_name: z.string().min(1).default("aps").describe("The service that requests are signed for."),
  access_key: z
    .string()
    .min(1)
    .optional()
    .describe("Default: the credentials that the AWS SDK finds, an IAM role's for instance."),
  secret_access_key: z.string().min(1).optional().describe("Belongs to `access_key`."),
});

/**
 * Spread it into an action's params: `z.strictObject({ ...prometheusParams, … })`. They may all stand in `globalConfig`.
 *
 * @example
 * const params = z.strictObject({ ...prometheusParams, promql_query: z.string() });
 */
export const prometheusParams = {
  prometheus_url: z
    .string()
    .transform((url) => (url === "" || /^https?:\/\//i.test(url) ? url : `http://${url}`))
    .refine((url) => url === "" || URL.canParse(url), { error: "This is no http or https URL." })
    .refine((url) => !URL.canParse(url) || new URL(url).username === "", {
      error: "Give credentials in `prometheus_auth`, not in the URL.",
    })
    .optional()
    .describe("Where Prometheus is. Default: what a Service with the labels of a well-known installation leads to."),
  prometheus_auth: z
    .string()
    .regex(headerValue, { error: notInHeader })
    .optional()
    .describe("The value of the Authorization header: `Basic …`, or `Bearer …`."),
  prometheus_url_query_string: z
    .string()
    .transform((query) => query.replace(/^\?/, ""))
    .optional()
    .describe("Added to the query of every request, as `tenant=shop&dedup=true`."),
  prometheus_additional_headers: z
    .record(
      z.string().regex(headerName, { error: "This cannot be the name of a header." }),
      z.string().regex(headerValue, { error: notInHeader }),
    )
    .optional()
    .describe("Further headers, `X-Scope-OrgID` for instance."),
  prometheus_additional_labels: z
    .record(z.string().regex(labelName, { error: "This cannot be the name of a label." }), z.string())
    .optional()
    .describe(
      "Labels that every selector in braces is given, where one Prometheus has several clusters: `cluster: prod`.",
    ),
  add_additional_labels: z.boolean().default(true).describe("Whether `prometheus_additional_labels` are added."),
  prometheus_graphs_overrides: z
    .array(overrideSchema)
    .optional()
    .describe("Queries to draw in place of the built-in ones for a resource."),
  prometheus_aws: awsSchema
    .refine((aws) => (aws.access_key === undefined) === (aws.secret_access_key === undefined), {
      error: "Give both `access_key` and `secret_access_key`, or neither.",
    })
    .optional()
    .describe("Signs requests for Amazon Managed Service for Prometheus (SigV4)."),
};

const prometheusSchema = z.object(prometheusParams);

/** `prometheusParams` as an action is given them; each may be left out. */
export type PrometheusParams = Partial<z.output<typeof prometheusSchema>>;
