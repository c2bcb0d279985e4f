import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolderStore } from "../../src/bundles/folder-store.ts";
import { createS3Store } from "../../src/bundles/s3-store.ts";
import { bundleStoreConformance } from "../conformance/bundle-store.ts";
import { type S3Server, startS3Server } from "../helpers/s3-server.ts";

const sha256 = "0".repeat(64);

bundleStoreConformance("a folder", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-store-"));
  const file = path.join(folder, "file");
  await writeFile(file, "");
  let stores = 0;
  return {
    create() {
      stores += 1;
      return createFolderStore(path.join(folder, `${stores}`, "deep"));
    },
    broken: {
      store: createFolderStore(file),
      message: /^Bundles cannot be kept in the folder .*file: .*(ENOTDIR|EEXIST)/,
    },
    async litter() {
      for (const name of [".hidden", "readme.md", `${sha256}.json`, "short.mjs"]) {
        await writeFile(path.join(folder, `${stores}`, "deep", name), "x");
      }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

bundleStoreConformance("S3", async () => {
  const { bucket, close, ...server } = await startS3Server({ listing: true });
  const prefixes = ["", "a", "b/c"];
  const client = new S3Client({ ...server, region: "us-east-1", forcePathStyle: true });
  let stores = 0;
  const prefix = () => [prefixes[stores % prefixes.length], `store${stores}`].filter(Boolean).join("/");
  return {
    create() {
      stores += 1;
      return createS3Store({ ...server, region: "us-east-1", bucket, prefix: prefix() });
    },
    broken: {
      store: createS3Store({ ...server, region: "us-east-1", bucket: "missing", prefix: "" }),
      message: /^Bundles cannot be kept in s3:\/\/missing \((NoSuchBucket|NotFound)\)/,
    },
    async litter() {
      for (const name of [`${prefix()}/readme.md`, `${prefix()}/deep/${sha256}.mjs`, `${sha256}.mjs`]) {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: "x" }));
      }
    },
    async close() {
      client.destroy();
      await close();
    },
  };
});

describe("S3", () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server.close());

  it("is asked with signatures that it finds right", async () => {
    const store = createS3Store({ ...server, region: "us-east-1", prefix: "a b/c" });
    await store.put(sha256, Buffer.from("bytes"));
    expect(await store.get(sha256)).toHaveLength(5);
    await store.delete(sha256);
    expect(await store.get(sha256)).toBeUndefined();
  });

  it("with a wrong secret is told so, without the key", async () => {
    const credentials = { accessKeyId: "S3RVER", secretAccessKey: "a-secret-that-is-wrong" };
    const { endpoint, bucket } = server;
    const store = createS3Store({ endpoint, bucket, credentials, region: "us-east-1", prefix: "" });
    const error: unknown = await store.get(sha256).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message:
        "Bundles cannot be kept in s3://bundles (SignatureDoesNotMatch). The secret key is wrong, or the clock is.",
    });
    expect(JSON.stringify(error)).not.toMatch(/a-secret|S3RVER/);
  });

  it("that nobody answers is told so", async () => {
    const gone = await startS3Server();
    await gone.close();
    const store = createS3Store({ ...gone, region: "us-east-1", prefix: "p" });
    await expect(store.list()).rejects.toThrow("Bundles cannot be kept in s3://bundles/p (ECONNREFUSED).");
  });
});
