/** A container's log, of which the end counts. */
import { isAboutAnObject, readStatus, readText } from "./answers.ts";
import { type Api, type CallFacts, recorded } from "./api.ts";
import type { HttpAnswer } from "./connection.ts";
import { chosenContainer, needsContainer } from "./containers.ts";
import type { CallScope, LogOptions } from "./kubernetes.ts";
import { isName, pathOf } from "./paths.ts";

const timeoutMilliseconds = 30_000;
const defaultLimitBytes = 10 * 1024 * 1024;

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly options: LogOptions;
}

export async function readLogs(api: Api, scope: CallScope, request: LogRequest): Promise<string | undefined> {
  const { namespace, pod, options } = request;
  if (!isName(pod) || !isName(namespace)) return undefined;
  const facts: CallFacts = { verb: "get", resource: "pods/log", namespace, name: pod };
  return recorded(scope, facts, async (note) => {
    const fetch = async (container: string | undefined) => {
      const answer = await fetchEnd(api, facts, { ...request, options: { ...options, ...named(container) } }, scope);
      note(answer);
      return answer;
    };
    const first = await fetch(options.container);
    const answer = needsContainer(first) ? await fetch(await chosenContainer(api, scope, namespace, pod)) : first;
    if (isAbsent(answer)) return undefined;
    return wholeLines(readText(api, facts, answer), answer);
  });
}

const named = (container: string | undefined) => (container === undefined ? {} : { container });

/**
 * The last `limitBytes` of the log. The API's own `limitBytes` keeps the beginning, so where it is reached, the end is asked for by
 * lines: as many as the beginning had in that many bytes.
 */
async function fetchEnd(api: Api, facts: CallFacts, request: LogRequest, scope: CallScope): Promise<HttpAnswer> {
  const { namespace, pod, options } = request;
  const { container, previous, sinceSeconds, tailLines, limitBytes = defaultLimitBytes } = options;
  const path = `${pathOf("Pod", "v1", namespace, pod)}/log`;
  const query = { container, previous: previous || undefined, sinceSeconds, tailLines };
  const send = (more: { limitBytes?: number; tailLines?: number }) =>
    api.send(
      facts,
      { method: "GET", path, query: { ...query, ...more }, timeoutMilliseconds, keepLast: limitBytes },
      scope.signal,
    );
  const beginning = await send({ limitBytes: limitBytes + 1 });
  if (beginning.status !== 200 || beginning.bytes <= limitBytes) return beginning;
  const lines = beginning.body.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 1);
  return send({ tailLines: Math.min(lines, tailLines ?? lines) });
}

/** Said of a container that has not run before, one that has not run yet, and one of a pod that no node has taken. */
const notRun = /previous terminated container .* not found|is waiting to start|does not have a host assigned/;

/**
 * A kubelet whose container is just being replaced says this, and nothing else, with status 200.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/kuberuntime_container.go
 */
const beingReplaced = /^unable to retrieve container logs for \S+$/;

function isAbsent(answer: HttpAnswer): boolean {
  if (answer.status === 200) return answer.bytes < 300 && beingReplaced.test(answer.body.toString("utf8").trim());
  if (answer.status === 404) return isAboutAnObject(answer);
  return answer.status === 400 && notRun.test(readStatus(answer.body)?.message ?? "");
}

/** Without the part of a line that cutting off the beginning has left. */
function wholeLines(text: string, { bytes, body }: HttpAnswer): string {
  if (bytes === body.length) return text;
  const start = text.indexOf("\n") + 1;
  return start === text.length ? text : text.slice(start);
}
