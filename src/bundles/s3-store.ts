/** Bundles in a bucket of S3, or of what speaks its protocol. The SDK is heavy to load, so this is imported when it is needed. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { UnavailableError } from "../errors.ts";
import { type BundleStore, fileNameOf, sha256Of } from "./store.ts";

export interface S3StoreOptions {
  readonly bucket: string;
  /** Without slashes at its ends; empty for none. */
  readonly prefix: string;
  /** The SDK's own choice where it is absent. */
  readonly region?: string;
  /** A URL, for servers other than AWS's; buckets are then paths under it. */
  readonly endpoint?: string;
  /** The SDK's own chain where they are absent: environment, files, role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Milliseconds without a byte. A bundle has a few megabytes at most. */
const timeouts = { connectionTimeout: 2_000, requestTimeout: 10_000 };

/** Every method throws UnavailableError where the bucket cannot be reached or refuses us. Makes no request itself. */
export function createS3Store({ bucket, prefix, ...options }: S3StoreOptions): BundleStore {
  const folder = prefix === "" ? "" : `${prefix}/`;
  const name = `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`;
  const client = createClient(options);
  const at = (sha256: string) => ({ Bucket: bucket, Key: `${folder}${fileNameOf(sha256)}` });
  const asked = async <T>(request: () => Promise<T>): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      throw toUnavailable(name, error);
    }
  };
  return {
    name,
    async put(sha256, bytes) {
      const object = { ...at(sha256), Body: bytes, ContentType: "text/javascript" };
      await asked(() => client.send(new PutObjectCommand(object)));
    },
    get: (sha256) =>
      asked(async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand(at(sha256)));
          return await Body?.transformToByteArray();
        } catch (error) {
          if (error instanceof NoSuchKey) return undefined;
          throw error;
        }
      }),
    async delete(sha256) {
      await asked(() => client.send(new DeleteObjectCommand(at(sha256))));
    },
    list: () =>
      asked(async () => {
        const found: string[] = [];
        const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: folder });
        for await (const { Contents = [] } of pages) {
          found.push(...Contents.flatMap(({ Key = "" }) => sha256Of(Key.slice(folder.length)) ?? []));
        }
        return found;
      }),
  };
}

function createClient({ region, endpoint, credentials }: Omit<S3StoreOptions, "bucket" | "prefix">): S3Client {
  return new S3Client({
    maxAttempts: 3,
    requestHandler: { ...timeouts, throwOnRequestTimeout: true },
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

const hints: Readonly<Record<string, string>> = {
  NoSuchBucket: "There is no such bucket; create it, or correct its name and region.",
  AccessDenied: "The role needs s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket on it.",
  CredentialsProviderError: "No AWS credentials were found: set them in the environment, or give the process a role.",
  InvalidAccessKeyId: "AWS does not know the access key.",
  SignatureDoesNotMatch: "The secret key is wrong, or the clock is.",
  ExpiredToken: "The session's token has expired.",
  PermanentRedirect: "The bucket is in another region; set AWS_REGION.",
  TimeoutError: "It did not answer in time.",
};

/** No `cause`: an SDK error carries the request with it. */
function toUnavailable(name: string, error: unknown): UnavailableError {
  if (!(error instanceof Error)) return new UnavailableError(`Bundles cannot be kept in ${name}.`);
  const isNetwork = !(error instanceof S3ServiceException) && "code" in error;
  const hint = hints[error.name] === undefined ? "" : ` ${hints[error.name]}`;
  const code = isNetwork ? String(error.code) : error.name;
  return new UnavailableError(`Bundles cannot be kept in ${name} (${code}).${hint}`, { retryAfterSeconds: 2 });
}
