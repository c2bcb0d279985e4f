/**
 * The HTTP side: which URL goes to which receiver, and how an error becomes an answer. What each kind of sender is told, and why, is in
 * docs/semantics.md.
 */
import { type Context, Hono } from "hono";
import type { IncomingDelivery } from "./delivery.ts";
import { BadRequestError, type CortadoError, describeError, isCortadoError } from "./errors.ts";
import type { Logger } from "./log.ts";
import type { Accepted } from "./pipeline.ts";
import { alertmanager } from "./receivers/alertmanager.ts";
import { authenticate, type ClusterRules, clusterFor, type Token } from "./receivers/authenticate.ts";
import { readBody } from "./receivers/body.ts";
import { kubewatch } from "./receivers/kubewatch.ts";
import type { Quarantined, Receiver, RelabelRule } from "./receivers/receiver.ts";

export interface AppServices {
  readonly tokens: readonly Token[];
  readonly clusters: ClusterRules;
  readonly relabel: readonly RelabelRule[];
  readonly accept: (deliveries: readonly IncomingDelivery[]) => Promise<Accepted>;
  readonly log: Logger;
  readonly now: () => number;
  readonly onRequest: (request: AnsweredRequest) => void;
}

/** For the metrics. */
export interface AnsweredRequest {
  readonly receiver: string;
  readonly status: number;
  readonly quarantined: number;
}

const receivers: readonly Receiver[] = [alertmanager, kubewatch];

export function createApp(services: AppServices): Hono {
  const app = new Hono();
  for (const receiver of receivers) {
    for (const path of receiver.paths) {
      app.post(path, (c) => receive(c, receiver, services));
      app.post(`${path}/:cluster`, (c) => receive(c, receiver, services, c.req.param("cluster")));
    }
  }
  app.notFound((c) => problem(c, 404, `${c.req.method} ${c.req.path} is not something that Cortado answers`));
  return app;
}

async function receive(c: Context, receiver: Receiver, services: AppServices, cluster?: string): Promise<Response> {
  let quarantined: readonly Quarantined[] = [];
  const answered = (response: Response) => {
    services.onRequest({ receiver: receiver.name, status: response.status, quarantined: quarantined.length });
    return response;
  };
  try {
    const token = authenticate(c.req.header("authorization"), services.tokens);
    const clusterOf = clusterFor(services.clusters, token, cluster);
    if (cluster !== undefined) clusterOf({});
    const body = parseJson(await readBody(c.req));
    const received = receiver.parse(body, { acceptedAt: services.now(), clusterOf, relabel: services.relabel });
    quarantined = received.quarantined;
    if (quarantined.length > 0) services.log.warn("items were quarantined", { receiver: receiver.name, quarantined });
    await services.accept(received.deliveries);
    return answered(c.json(receiver.answer));
  } catch (error) {
    return answered(answerTo(error, c, services.log));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRequestError(`the body is not JSON: ${describeError(error)}`);
  }
}

function answerTo(error: unknown, c: Context, log: Logger): Response {
  if (!isCortadoError(error)) {
    log.error("a request failed in a way that nobody foresaw", { path: c.req.path, error: describeError(error) });
    return problem(c, 503, "something unforeseen failed here; the log of this instance says what");
  }
  if (error.status === 503) log.error("a request was not accepted", { path: c.req.path, error: describeError(error) });
  if (error.status === 401) c.header("WWW-Authenticate", 'Bearer realm="cortado", Basic realm="cortado"');
  if (error.retryAfterSeconds !== undefined) c.header("Retry-After", String(error.retryAfterSeconds));
  return problem(c, error.status, error.message);
}

const titles = {
  400: "Bad request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not found",
  409: "Conflict",
  413: "Payload too large",
  422: "Unprocessable",
  500: "Internal error",
  503: "Unavailable",
} as const satisfies Record<CortadoError["status"], string>;

/** RFC 9457. */
function problem(c: Context, status: CortadoError["status"], detail: string): Response {
  const body = JSON.stringify({ title: titles[status], status, detail });
  return c.body(body, status, { "Content-Type": "application/problem+json" });
}
