/** A server of S3's protocol, with one bucket. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import S3rver from "@20minutes/s3rver";

export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  close(): Promise<void>;
}

const bucket = "bundles";

/**
 * `listing`: signatures are not checked, as this server takes the path of a bucket, `/bundles/`, for `/bundles`, and so finds that of every
 * listing wrong.
 */
export async function startS3Server({ listing = false } = {}): Promise<S3Server> {
  const directory = await mkdtemp(path.join(tmpdir(), "cortado-s3-"));
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    directory,
    silent: true,
    allowMismatchedSignatures: listing,
    configureBuckets: [{ name: bucket }],
  });
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
