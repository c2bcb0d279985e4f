/**
 * The HTTP side: which URL goes to which receiver, and how an error becomes an answer. What each kind of sender is told, and why, is in
 * docs/semantics.md.
 */
import { type Context, Hono } from "hono";
import type { ApiServices } from "./api/api.ts";
import { addPlaybooks, type PlaybookServices } from "./api/playbooks.ts";
import { addApi } from "./api/routes.ts";
import { clusterFor } from "./auth/authenticate.ts";
import { requireScope } from "./auth/principal.ts";
import { addSlackButtons, type SlackRouteServices } from "./buttons/slack-route.ts";
import { callerOf } from "./caller.ts";
import type { IncomingDelivery } from "./delivery.ts";
import type { Accepted } from "./pipeline.ts";
import { answerTo, problem } from "./problem-details.ts";
import { alertmanager } from "./receivers/alertmanager.ts";
import { kubewatch } from "./receivers/kubewatch.ts";
import type { Quarantined, Receiver, RelabelRule } from "./receivers/receiver.ts";
import { parseJson } from "./tools/parse-json.ts";

export interface AppServices extends ApiServices, SlackRouteServices {
  readonly relabel: readonly RelabelRule[];
  readonly accept: (deliveries: readonly IncomingDelivery[]) => Promise<Accepted>;
  readonly onRequest: (request: AnsweredRequest) => void;
  /** Where repositories can be pushed to: not to a function, which has what it was built with. */
  readonly pushing?: PlaybookServices;
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
  addApi(app, services);
  if (services.pushing !== undefined) addPlaybooks(app, { ...services, ...services.pushing });
  addSlackButtons(app, services);
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
    const caller = await callerOf(c, services);
    requireScope(caller.principal, "ingest");
    const clusterOf = clusterFor(services.clusters, caller.principal, cluster);
    if (cluster !== undefined) clusterOf({});
    const body = parseJson(await caller.body());
    const received = receiver.parse(body, { acceptedAt: services.now(), clusterOf, relabel: services.relabel });
    quarantined = received.quarantined;
    if (quarantined.length > 0) services.log.warn("items were quarantined", { receiver: receiver.name, quarantined });
    await services.accept(received.deliveries);
    return answered(c.json(receiver.answer));
  } catch (error) {
    return answered(answerTo(error, c, services.log));
  }
}
