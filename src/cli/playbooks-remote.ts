/** A running server, over its API. */
import * as z from "zod";
import { ConfigurationError, describeError } from "../errors.ts";
import type { PushedRepository, PushedVersion } from "../state/state.ts";
import { networkFailure } from "../tools/network-failure.ts";
import type { Live, Target } from "./playbooks-target.ts";

const versionSchema = z
  .object({
    sha256: z.string(),
    bytes: z.number(),
    apiVersion: z.number(),
    packageVersion: z.string().optional(),
    pushedAt: z.number(),
    by: z.string(),
  })
  .transform(
    ({ packageVersion, ...version }): PushedVersion => ({
      ...version,
      ...(packageVersion === undefined ? {} : { packageVersion }),
    }),
  );

const repositorySchema = z.object({
  name: z.string(),
  revision: z.number(),
  live: versionSchema.optional(),
  history: z.array(versionSchema),
});
const listSchema = z.object({ playbooks: z.array(repositorySchema) });
const actionsSchema = z.object({
  actions: z.array(z.object({ name: z.string(), description: z.string() })).default([]),
});
const movedSchema = repositorySchema.extend({ generation: z.string() });
const problemSchema = z.object({
  detail: z.string(),
  problems: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
});

interface Request {
  readonly method?: string;
  readonly body?: ReadableStream<Uint8Array> | string;
}

export function openRemote(url: string, token: string | undefined): Target {
  const base = url.replace(/\/+$/, "");
  const asked = async (at: string, { method = "GET", body }: Request = {}): Promise<Response> => {
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const sent = body === undefined ? {} : { body, duplex: "half" as const };
    const response = await fetch(`${base}/api/playbooks${at}`, { method, headers: authorization, ...sent }).catch(
      (error: unknown) => {
        const { code } = networkFailure(error);
        throw new Error(`${base} does not answer (${code}); is it the address of a \`cortado serve\`?`);
      },
    );
    if (!response.ok) throw await refusalOf(response, base);
    return response;
  };
  const moved = async (response: Response): Promise<Live> => {
    const { generation, ...repository } = movedSchema.parse(await response.json());
    return { repository: repositoryOf(repository), generation };
  };
  const at = (name: string) => `/${encodeURIComponent(name)}`;
  return {
    name: base,
    async push({ name, bytes, packageVersion, onProgress }) {
      const query = packageVersion === undefined ? "" : `?version=${encodeURIComponent(packageVersion)}`;
      return await moved(await asked(`${at(name)}${query}`, { method: "PUT", body: streamOf(bytes, onProgress) }));
    },
    rollback: async (name, to) =>
      await moved(await asked(`${at(name)}/rollback`, { method: "POST", body: JSON.stringify({ to }) })),
    remove: async (name) => await moved(await asked(at(name), { method: "DELETE" })),
    list: async () => listSchema.parse(await (await asked("")).json()).playbooks.map(repositoryOf),
    get: async (name) => repositoryOf(repositorySchema.parse(await (await asked(at(name))).json())),
    actions: async (name) => actionsSchema.parse(await (await asked(at(name))).json()).actions,
    bundle: async (name, sha256) =>
      new Uint8Array(await (await asked(`${at(name)}/bundle?sha256=${sha256}`)).arrayBuffer()),
    close: async () => undefined,
  };
}

const repositoryOf = ({ live, ...repository }: z.output<typeof repositorySchema>): PushedRepository => ({
  ...repository,
  live,
});

async function refusalOf(response: Response, base: string): Promise<Error> {
  const text = await response.text();
  try {
    const { detail, problems } = problemSchema.parse(JSON.parse(text));
    return problems === undefined ? new Error(detail) : new ConfigurationError(problems);
  } catch (error) {
    return new Error(`${base} answered ${response.status}, and not as Cortado does: ${describeError(error)}`);
  }
}

const pieceBytes = 256 * 1024;

function streamOf(bytes: Uint8Array, onProgress: (sent: number) => void): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent >= bytes.length) return controller.close();
      const piece = bytes.subarray(sent, sent + pieceBytes);
      sent += piece.length;
      controller.enqueue(piece);
      onProgress(sent);
    },
  });
}
