/** Signing requests as AWS wants it (SigV4). Loads the SDK's signer: imported lazily, by direct.ts. */
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { PrometheusParams } from "./params.ts";

type Aws = NonNullable<PrometheusParams["prometheus_aws"]>;
type Headers = Readonly<Record<string, string>>;

/** Remembers what it found until that runs out. */
let surroundings: ReturnType<typeof defaultProvider> | undefined;

/** The headers with a signature over them, the address and the body. Throws an Error where there are no credentials. */
export async function signForAws(aws: Aws, url: URL, headers: Headers, body: string): Promise<Headers> {
  const { access_key: accessKeyId, secret_access_key: secretAccessKey } = aws;
  surroundings ??= defaultProvider();
  const credentials =
    accessKeyId === undefined || secretAccessKey === undefined ? surroundings : { accessKeyId, secretAccessKey };
  const signer = new SignatureV4({ credentials, region: aws.region, service: aws.service_name, sha256: Sha256 });
  const signed = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: url.pathname,
    query: queryOf(url),
    headers: { ...headers, host: url.host },
    body,
  });
  return signed.headers;
}

function queryOf({ searchParams }: URL): Record<string, string[]> {
  return Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
}
