/** What a process is told from outside: where things are. Plain data, so that worker threads get the same. */
import type { Bundle } from "./bundles/compile.ts";
import { ConfigurationError } from "./errors.ts";
import type { KubeConfigSource } from "./kubernetes/kubeconfig.ts";
import type { LogOptions } from "./log.ts";
import type { LedgerTimings } from "./state/ledger-timings.ts";
import type { MessageTimings } from "./state/messages.ts";
import type { PushedRepository } from "./state/state.ts";

export interface Settings {
  /** Path of cortado.yaml. */
  readonly configuration: string;
  /** Whether there may be no such file: nobody has named it. */
  readonly configurationIsOptional?: boolean;
  /** What is in that file, where it has been read already: threads that start later load the same. */
  readonly text?: string;
  /** Where compiled bundles are kept, and the embedded database. */
  readonly dataDirectory: string;
  /** The cluster called `clusterName` in the configuration. */
  readonly kubeConfig: KubeConfigSource;
  readonly table: TableSettings;
  /** Slack's own where absent. */
  readonly slackApiUrl?: string;
  readonly logLevel: LogOptions["level"];
  /** Whether findings are in the trace, for somebody who watches; default no. */
  readonly traceFindings?: boolean;
  /** Whether what the configuration refers to may be missing: what needs it fails only when it runs. Default no. */
  readonly assumeReferences?: boolean;
  /** What `{{ env.NAME }}` in the configuration may name. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Compiled already, by another thread or at build time. */
  readonly bundles?: readonly Bundle[];
  /** Where pushed bundles are kept; default a folder in the data directory. */
  readonly store?: StoreSettings;
  /** What is to be live of the pushed repositories, to see whether it would load; what the state table says where absent. */
  readonly pushed?: readonly PushedRepository[];
  /** Names who takes leases: each worker thread has a name of its own. */
  readonly holder?: string;
  /** Other times of leases than the usual ones: a test that kills the process waits for none to run out. */
  readonly leaseTimings?: LedgerTimings;
  /** Of reservations of messages, likewise. */
  readonly messageTimings?: MessageTimings;
}

export type TableSettings =
  /** A database of this process, in the data directory. */
  | { readonly kind: "embedded" }
  /** That of another thread or process of this machine. */
  | { readonly kind: "socket"; readonly socketPath: string }
  | { readonly kind: "dynamodb"; readonly tableName: string; readonly region?: string; readonly endpoint?: string };

export type StoreSettings =
  | { readonly kind: "folder"; readonly folder: string }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      readonly prefix: string;
      readonly region?: string;
      readonly endpoint?: string;
    };

/** What the command line may say; it goes before the environment. */
export interface Flags {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly kubeconfig?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const levels = ["debug", "info", "warn", "error", "silent"] as const;

/**
 * Settings from the environment: CORTADO_CONFIG (cortado.yaml without it, if it is there), CORTADO_DATA, CORTADO_TABLE (a DynamoDB
 * table; the embedded database without it), CORTADO_DYNAMODB_ENDPOINT, CORTADO_BUNDLES (where pushed bundles are kept: a folder, or
 * `s3://bucket/prefix`; `store` in the data folder without it), CORTADO_S3_ENDPOINT, AWS_REGION, CORTADO_SLACK_API_URL (a proxy of Slack's
 * API, or a Slack for tests; it gets the sinks' tokens), CORTADO_LOG_LEVEL, and client-node's KUBECONFIG. Throws a ConfigurationError.
 */
export function settingsFrom(env: Environment, flags: Flags = {}): Settings {
  const level = levels.find((one) => one === env.CORTADO_LOG_LEVEL) ?? "info";
  return {
    configuration: flags.config ?? env.CORTADO_CONFIG ?? "cortado.yaml",
    configurationIsOptional: flags.config === undefined && env.CORTADO_CONFIG === undefined,
    dataDirectory: flags.data ?? env.CORTADO_DATA ?? ".cortado",
    kubeConfig: flags.kubeconfig === undefined ? { from: "default" } : { from: "file", path: flags.kubeconfig },
    table: tableFrom(env),
    ...storeFrom(env),
    ...(env.CORTADO_SLACK_API_URL === undefined ? {} : { slackApiUrl: env.CORTADO_SLACK_API_URL }),
    logLevel: level,
    env,
  };
}

/**
 * Where a server listens, as the environment says: CORTADO_HOST, CORTADO_PORT, CORTADO_ADMIN_PORT (0 for any free port). What it does not
 * say is absent. Throws a ConfigurationError.
 */
export function addressFrom(env: Environment): { host?: string; port?: number; adminPort?: number } {
  return {
    ...(env.CORTADO_HOST === undefined ? {} : { host: env.CORTADO_HOST }),
    ...(env.CORTADO_PORT === undefined ? {} : { port: portFrom("CORTADO_PORT", env.CORTADO_PORT) }),
    ...(env.CORTADO_ADMIN_PORT === undefined
      ? {}
      : { adminPort: portFrom("CORTADO_ADMIN_PORT", env.CORTADO_ADMIN_PORT) }),
  };
}

function portFrom(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port < 65_536) return port;
  throw new ConfigurationError([{ at: name, message: `${JSON.stringify(text)} is not a port` }]);
}

function tableFrom({ CORTADO_TABLE, CORTADO_DYNAMODB_ENDPOINT, AWS_REGION }: Environment): TableSettings {
  if (CORTADO_TABLE === undefined) return { kind: "embedded" };
  return {
    kind: "dynamodb",
    tableName: CORTADO_TABLE,
    ...(AWS_REGION === undefined ? {} : { region: AWS_REGION }),
    ...(CORTADO_DYNAMODB_ENDPOINT === undefined ? {} : { endpoint: CORTADO_DYNAMODB_ENDPOINT }),
  };
}

function storeFrom({ CORTADO_BUNDLES: where, CORTADO_S3_ENDPOINT, AWS_REGION }: Environment): Pick<Settings, "store"> {
  if (where === undefined) return {};
  if (!where.includes("://")) return { store: { kind: "folder", folder: where } };
  const [, bucket, prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/.exec(where) ?? [];
  if (bucket === undefined) {
    const message = `${JSON.stringify(where)} is neither a folder nor \`s3://bucket/prefix\``;
    throw new ConfigurationError([{ at: "CORTADO_BUNDLES", message }]);
  }
  return {
    store: {
      kind: "s3",
      bucket,
      prefix,
      ...(AWS_REGION === undefined ? {} : { region: AWS_REGION }),
      ...(CORTADO_S3_ENDPOINT === undefined ? {} : { endpoint: CORTADO_S3_ENDPOINT }),
    },
  };
}
