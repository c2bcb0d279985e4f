/** The way to a Service through the API server. https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/ */
import { readStatus, refusal } from "./answers.ts";
import { type Api, type CallFacts, recorded } from "./api.ts";
import type { CallScope, ServiceAnswer, ServiceRequest } from "./kubernetes.ts";
import { pathOf } from "./paths.ts";

const timeoutMilliseconds = 30_000;
const defaultLimitBytes = 10 * 1024 * 1024;

export function getFromService(api: Api, scope: CallScope, request: ServiceRequest): Promise<ServiceAnswer> {
  const { namespace, name, port, path, query = {}, limitBytes = defaultLimitBytes } = request;
  const facts: CallFacts = { verb: "get", resource: "services/proxy", namespace, name };
  return recorded(scope, facts, async (note) => {
    const answer = await api.send(
      facts,
      {
        method: "GET",
        path: `${pathOf("Service", "v1", namespace, name)}:${port}/proxy${path}`,
        query,
        timeoutMilliseconds,
        keepLast: limitBytes,
        keepAnswers: true,
      },
      scope.signal,
    );
    note(answer);
    const { status, headers, body, bytes } = answer;
    if (status >= 400 && readStatus(body) !== undefined) throw refusal(api, facts, answer);
    return { status, headers, body, cut: bytes > body.length };
  });
}
