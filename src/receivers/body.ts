import type { HonoRequest } from "hono";
import { BadRequestError, PayloadTooLargeError } from "../errors.ts";

/** 10 MiB: a batch of 400 audit events with their objects, or some 10,000 alerts. */
export const maximumBodyBytes = 10 * 1024 * 1024;

/** How much is read of a body. */
export interface BodyLimit {
  readonly bytes: number;
  /** Throws a PayloadTooLargeError that says what to do. */
  readonly tooLarge: (bytes: number) => void;
}

const advice =
  "for Alertmanager, set `max_alerts` in the receiver or group by more labels; for an audit webhook, lower `--audit-webhook-batch-max-size`";

/**
 * The body as text. A length that the sender announces is checked before a byte is read; without one, reading stops at the limit.
 * Throws PayloadTooLargeError, and BadRequestError for bytes that are not UTF-8.
 */
export async function readBody(request: HonoRequest, limit: BodyLimit = usualLimit): Promise<string> {
  const announced = request.header("content-length");
  if (announced === undefined) return decode(await readUpToLimit(request.raw, limit));
  if (Number(announced) > limit.bytes) limit.tooLarge(Number(announced));
  return decode(await request.arrayBuffer());
}

async function readUpToLimit(request: Request, limit: BodyLimit): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > limit.bytes) limit.tooLarge(length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array | ArrayBuffer): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new BadRequestError("the body is not UTF-8", { cause: error });
  }
}

const usualLimit: BodyLimit = {
  bytes: maximumBodyBytes,
  tooLarge() {
    throw new PayloadTooLargeError(`the body has more than ${maximumBodyBytes / 1024 / 1024} MiB: ${advice}`);
  },
};
