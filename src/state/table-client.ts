/** The SDK's client with our limits, and its failures in our words. Imported by table.ts alone, as the SDK is heavy to load. */
import http from "node:http";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
  DynamoDBServiceException,
} from "@aws-sdk/client-dynamodb";
import { UnavailableError } from "../errors.ts";

export type ClientOptions = RemoteOptions | EmbeddedOptions;

interface RemoteOptions {
  /** The SDK's own choice where it is absent. */
  readonly region?: string;
  /** A URL, for servers other than AWS's. */
  readonly endpoint?: string;
  /** The SDK's own chain where they are absent: environment, files, role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly socketPath?: never;
}

interface EmbeddedOptions {
  /** Where the embedded database listens. */
  readonly socketPath: string;
}

export interface TableClient {
  /** Makes one request. Everything but a failed condition is thrown as UnavailableError. */
  send<T>(request: (client: DynamoDBClient) => Promise<T>): Promise<T>;
  requests(): number;
  close(): void;
}

/** Milliseconds. A webhook's sender waits for the sum of both attempts. */
const REMOTE_TIMEOUTS = { connectionTimeout: 500, requestTimeout: 1500 };
/** One process shares its cores with the embedded database, so a slow answer is no sign of trouble. */
const EMBEDDED_TIMEOUTS = { connectionTimeout: 5000, requestTimeout: 10_000 };

export function createClient(options: ClientOptions, tableName: string): TableClient {
  const client = new DynamoDBClient({ maxAttempts: 2, ...configuration(options) });
  const where = `The table ${tableName}${placeOf(options)}`;
  let requests = 0;
  return {
    async send(request) {
      requests += 1;
      try {
        return await request(client);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) throw error;
        throw toUnavailable(where, error);
      }
    },
    requests: () => requests,
    close: () => client.destroy(),
  };
}

function configuration(options: ClientOptions): DynamoDBClientConfig {
  if (options.socketPath !== undefined) {
    const agent: http.AgentOptions & { socketPath: string } = {
      socketPath: options.socketPath,
      keepAlive: true,
      maxSockets: 50,
    };
    return {
      region: "us-east-1",
      endpoint: "http://localhost",
      // The embedded database checks no signature; the folder around its socket is what protects it.
      credentials: { accessKeyId: "embedded", secretAccessKey: "embedded" },
      requestHandler: { ...EMBEDDED_TIMEOUTS, throwOnRequestTimeout: true, httpAgent: new http.Agent(agent) },
    };
  }
  const { region, endpoint, credentials } = options;
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: { ...REMOTE_TIMEOUTS, throwOnRequestTimeout: true },
  };
}

function placeOf(options: ClientOptions): string {
  if (options.socketPath !== undefined) return ` at ${options.socketPath}`;
  if (options.endpoint === undefined) return "";
  return ` at ${new URL(options.endpoint).host}`;
}

/** Their messages are only taken over where they cannot hold a key or a signature. */
const TELLING = new Set([
  "ResourceNotFoundException",
  "ValidationException",
  "ItemCollectionSizeLimitExceededException",
]);

const HINTS: Readonly<Record<string, string>> = {
  ResourceNotFoundException: "Create the table, or correct its name and region.",
  CredentialsProviderError: "No AWS credentials were found: set them in the environment, or give the process a role.",
  AccessDeniedException:
    "The role needs GetItem, BatchGetItem, PutItem, UpdateItem, DeleteItem, BatchWriteItem and Query on it.",
  UnrecognizedClientException: "AWS does not know the access key.",
  InvalidSignatureException: "The secret key is wrong, or the clock is.",
  ExpiredTokenException: "The session's token has expired.",
  TimeoutError: "It did not answer in time.",
};

/** No `cause`: an SDK error carries the request with it. */
function toUnavailable(where: string, error: unknown): UnavailableError {
  if (!(error instanceof Error)) return new UnavailableError(`${where} cannot be used.`);
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  const said = error instanceof DynamoDBServiceException && TELLING.has(error.name) ? ` ${error.message}` : "";
  const hint = HINTS[error.name] === undefined ? "" : ` ${HINTS[error.name]}`;
  return new UnavailableError(`${where} cannot be used (${code}).${said}${hint}`, { retryAfterSeconds: 2 });
}
