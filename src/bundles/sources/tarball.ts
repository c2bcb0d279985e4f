/** A tar archive, compressed with gzip, behind a URL. */
import { createHash, type Hash } from "node:crypto";
import { Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { networkFailure } from "../../tools/network-failure.ts";
import { type TarballAddress, titleOf } from "./address.ts";
import { headersFor } from "./headers.ts";
import { limited } from "./limited.ts";
import { away, type Limits, type Place, type RepositorySource, type Revision, SourceError, wrong } from "./sources.ts";
import { rootOf, unpack } from "./unpack.ts";

const maximumRedirects = 5;

export function tarballPlace(address: TarballAddress, source: RepositorySource, limits: Limits): Place {
  const headers = headersFor(address.credentials, source.headers);

  /** Gives the bytes of the answer to `use`, and resolves with what they are a version of; undefined where the conditions do not hold. */
  const get = async (conditions: Readonly<Record<string, string>>, use: (bytes: Bytes) => Promise<void>) => {
    try {
      const response = await request(address, {
        headers,
        conditions,
        signal: AbortSignal.timeout(limits.fetchMilliseconds),
      });
      if (response === undefined) return undefined;
      const sha256 = createHash("sha256");
      await use([bodyOf(response), limited(limits.transferred, "The tarball"), hashedBy(sha256)]);
      return versionOf(sha256.digest("hex"), response);
    } catch (error) {
      throw error instanceof SourceError
        ? error
        : away(`${address.host} cannot be read: ${networkFailure(error).code}`);
    }
  };

  return {
    title: titleOf(address),
    identity: JSON.stringify([address.url]),
    async latest(known) {
      const found = await get(conditionsOf(known), drain);
      return found === undefined || found.id === known?.id ? undefined : found;
    },
    async fetch(into) {
      const revision = await get({}, (bytes) => unpack([...bytes, createGunzip()], into, limits));
      if (revision === undefined) throw away(`${address.host} answered with HTTP status 304`);
      return { revision, root: await rootOf(into) };
    },
  };
}

type Bytes = readonly [Readable, ...Transform[]];

interface RequestOptions {
  /** For the server of the address alone. */
  readonly headers: Readonly<Record<string, string>>;
  readonly conditions: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Follows where it is sent on to. Undefined for a 304. */
async function request(
  address: TarballAddress,
  { headers, conditions, signal }: RequestOptions,
): Promise<Response | undefined> {
  const { origin, protocol } = new URL(address.url);
  let url = new URL(address.url);
  for (let count = 0; count <= maximumRedirects; count += 1) {
    const own = url.origin === origin ? headers : {};
    const response = await fetch(url, { headers: { ...own, ...conditions }, redirect: "manual", signal });
    if (response.status === 304 || !isRedirect(response)) return await taken(response, address, headers);
    await response.body?.cancel();
    url = new URL(response.headers.get("location") ?? "", url);
    if (protocol === "https:" && url.protocol !== "https:") {
      throw away(`${address.host} sends on from https to ${url.protocol.slice(0, -1)}, which is not followed`);
    }
  }
  throw away(`${address.host} sends on and on`);
}

const isRedirect = ({ status, headers }: Response) => status >= 300 && status < 400 && headers.has("location");

/** An answer that is none of what was asked for is an error. */
async function taken(
  response: Response,
  { host }: TarballAddress,
  headers: RequestOptions["headers"],
): Promise<Response | undefined> {
  const { status } = response;
  if (status === 200) return response;
  await response.body?.cancel();
  if (status === 304) return undefined;
  if (status === 401 || status === 403) {
    const why =
      Object.keys(headers).length > 0
        ? "does not take the credentials: they are wrong, have expired, or may not read this"
        : "asks for credentials; give them in `http_headers`";
    throw away(`${host} ${why} (HTTP status ${status})`);
  }
  if (status === 404)
    throw away(`${host} has nothing at this URL, or nothing that may be seen with these headers (HTTP status 404)`);
  throw away(`${host} answered with HTTP status ${status}`);
}

function bodyOf({ body }: Response): Readable {
  if (body === null) throw wrong("The answer is empty");
  // The same streams, but to the compiler, which has them from two places.
  return Readable.fromWeb(body as ReadableStream<Uint8Array>);
}

const hashedBy = (hash: Hash) =>
  new Transform({
    transform(chunk: Uint8Array, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });

const drain = (bytes: Bytes): Promise<void> => pipeline([...bytes, new Writable({ write: (_, __, done) => done() })]);

function conditionsOf(known: Revision | undefined): Readonly<Record<string, string>> {
  if (known?.etag !== undefined) return { "If-None-Match": known.etag };
  return known?.lastModified === undefined ? {} : { "If-Modified-Since": known.lastModified };
}

function versionOf(id: string, { headers }: Response): Revision {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return { id, ...(etag === null ? {} : { etag }), ...(lastModified === null ? {} : { lastModified }) };
}
