import { isUtf8 } from "node:buffer";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { type SinkUnderTest, sinkConformance } from "../conformance/sink.ts";
import { startFakeSlack, textOf } from "../helpers/fake-slack.ts";

const create = (type: string, params: object, services: { stdout?: Writable; slackApiUrl?: string } = {}) => {
  const { stdout = new Writable(), ...others } = services;
  const found = sinkTypes.get(type);
  if (found === undefined) throw new Error(`there is no ${type}`);
  return found.create({ name: "tested", ...params }, { stdout, ...others }).sink;
};

/** A stream that keeps what it was given, and can be made to fail. */
function keepingStream() {
  const written: string[] = [];
  let broken = false;
  const stream = new Writable({
    write(chunk, _, done) {
      if (!broken) written.push(String(chunk));
      done(broken ? new Error("EPIPE") : null);
    },
  });
  stream.on("error", () => undefined);
  return {
    stream,
    written,
    breakDown: () => {
      broken = true;
    },
  };
}

sinkConformance("console_sink", false, async (): Promise<SinkUnderTest> => {
  const { stream, written, breakDown } = keepingStream();
  return {
    sink: create("console_sink", {}, { stdout: stream }),
    told: () => written,
    complaints: () => written.filter((text) => stripVTControlCharacters(text) !== text || !text.isWellFormed()),
    breakDown,
    secrets: [],
    close: async () => undefined,
  };
});

const invalidLines = (lines: readonly string[]) =>
  lines.filter((line) => {
    const { version, messageId, title } = JSON.parse(line);
    return version !== 1 || messageId !== "0123456789abcdef0123456789abcdef" || typeof title !== "string";
  });

sinkConformance("file_sink on the standard output", false, async () => {
  const { stream, written, breakDown } = keepingStream();
  return {
    sink: create("file_sink", {}, { stdout: stream }),
    told: () => written,
    complaints: () => invalidLines(written),
    breakDown,
    secrets: [],
    close: async () => undefined,
  };
});

sinkConformance("file_sink", false, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-file-sink-"));
  const file = path.join(folder, "findings.jsonl");
  const lines = async () => (await readFile(file, "utf8")).split("\n").slice(0, -1);
  return {
    sink: create("file_sink", { file_name: file }),
    told: lines,
    complaints: async () => invalidLines(await lines()),
    breakDown: () => rm(folder, { recursive: true }),
    secrets: [],
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

sinkConformance("slack_sink", true, async () => {
  const slack = await startFakeSlack();
  return {
    sink: create("slack_sink", { slack_channel: "alerts", api_key: slack.token }, { slackApiUrl: slack.url }),
    told: () => slack.messages.map((message) => textOf(message)),
    complaints: () => [...slack.refusals, ...slack.messages.flatMap(({ ts }) => unfinished(slack.files(ts)))],
    breakDown: () => slack.fail("chat.postMessage", { error: "token_revoked" }),
    secrets: [slack.token],
    close: () => slack.close(),
  };
});

const unfinished = (files: readonly { name: string; length: number; bytes: Buffer | undefined }[]) =>
  files
    .filter(({ bytes, length }) => bytes?.length !== length || length > 1_000_000)
    .map(({ name }) => `${name} is cut or too long`);

const webhook = (params: object, complaintsOf: (body: string) => string[]) => async (): Promise<SinkUnderTest> => {
  const bodies: string[] = [];
  const complaints: string[] = [];
  const secrets = ["Bearer s3cret-of-the-webhook", "T000/B000/path-of-the-webhook"];
  const [authorization] = secrets;
  let broken = false;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    bodies.push(body.toString());
    if (!isUtf8(body)) complaints.push("a broken character");
    if (body.length > 4_096) complaints.push(`${body.length} bytes`);
    if (request.headers["idempotency-key"] !== "0123456789abcdef0123456789abcdef")
      complaints.push("no idempotency key");
    if (request.headers.authorization !== authorization) complaints.push("no authorization");
    complaints.push(...complaintsOf(body.toString()));
    response.writeHead(broken ? 500 : 200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    sink: create("webhook_sink", {
      url: `http://127.0.0.1:${port}/${secrets[1]}`,
      authorization,
      size_limit: 4_096,
      ...params,
    }),
    told: () => bodies,
    complaints: () => complaints,
    breakDown: () => {
      broken = true;
    },
    secrets,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};

const parsed = (body: string): Record<string, unknown> => JSON.parse(body);
const json = (body: string) => (parsed(body).version === 1 ? [] : ["no version"]);
const slackText = (body: string) => (/<!|[<>]/.test(String(parsed(body).text)) ? ["markup that is not escaped"] : []);

sinkConformance(
  "webhook_sink with text",
  false,
  webhook({}, () => []),
);
sinkConformance("webhook_sink with JSON", false, webhook({ format: "json" }, json));
sinkConformance("webhook_sink for Slack's webhooks", false, webhook({ slack_webhook: true }, slackText));
