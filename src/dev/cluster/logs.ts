/** pods/log: scripted logs, cut as the kubelet cuts real ones, and its refusals. */

import { at, textAt } from "./json.ts";
import { type Container, chooseContainer } from "./pods.ts";
import { type ApiRequest, flagIn, integerIn } from "./request.ts";
import type { LogLine, Scripts } from "./scripts.ts";
import { badRequest, type InvalidField, invalid, notFound } from "./status.ts";
import type { ApiObject, ObjectStore } from "./store.ts";

/** The log; undefined where the pod is on no node yet, which the API server answers with 204. */
export function readLog(store: ObjectStore, scripts: Scripts, request: ApiRequest): string | undefined {
  const { resource, namespace, name = "", query } = request;
  checkOptions(name, query);
  const pod = store.find(resource, name, namespace);
  if (pod === undefined) throw notFound(resource, name);
  const container = chooseContainer(pod, query.get("container"));
  const previous = flagIn(query, "previous");
  const scripted =
    scripts.logOf(pod, container.name, previous) ??
    (isBetweenRuns(container) ? scripts.logOf(pod, container.name, true) : undefined);
  if (scripted === undefined && textAt(pod, "spec", "nodeName") === undefined) return undefined;
  if (scripted === undefined) checkState(pod, container, previous);
  return cut(scripted ?? [], query, startOf(pod, container));
}

function checkOptions(name: string, query: URLSearchParams): void {
  const problems: InvalidField[] = [];
  const atLeast = (parameter: string, least: number, rule: string): void => {
    const value = integerIn(query, parameter);
    if (value === undefined || value >= least) return;
    problems.push({
      field: parameter,
      reason: "FieldValueInvalid",
      message: `Invalid value: ${value}: must be ${rule}`,
    });
  };
  atLeast("tailLines", 0, "greater than or equal to 0");
  atLeast("limitBytes", 1, "greater than 0");
  atLeast("sinceSeconds", 1, "greater than 0");
  if (query.has("sinceSeconds") && query.has("sinceTime")) {
    const message = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified";
    problems.push({ field: "[]", reason: "FieldValueForbidden", message });
  }
  if (problems.length > 0) throw invalid("PodLogOptions", "", name, ...problems);
}

/** Its last run is then all there is to read, whichever is asked for. */
const isBetweenRuns = ({ status }: Container): boolean =>
  at(status, "state", "waiting") !== undefined && at(status, "lastState", "terminated") !== undefined;

/** What the kubelet says of a container that has no log to read. */
function checkState(pod: ApiObject, { name, status }: Container, previous: boolean): void {
  const last = at(status, "lastState", "terminated");
  if (previous) {
    if (last !== undefined) return;
    throw badRequest(`previous terminated container "${name}" in pod "${pod.metadata.name}" not found`);
  }
  if (last !== undefined || at(status, "state", "running") !== undefined) return;
  if (at(status, "state", "terminated") !== undefined) return;
  throw badRequest(`container "${name}" in pod "${pod.metadata.name}" is ${whyWaiting(status)}`);
}

function whyWaiting(status: unknown): string {
  if (status === undefined) return "not available";
  const reason = textAt(status, "state", "waiting", "reason");
  if (reason === undefined) return "waiting to start - no logs yet";
  if (reason === "ErrImagePull") return "waiting to start: image can't be pulled";
  if (reason === "ImagePullBackOff") return "waiting to start: trying and failing to pull image";
  return `waiting to start: ${reason}`;
}

/** Lines without a time count as written when their container started. */
function startOf(pod: ApiObject, { status }: Container): number {
  const started = textAt(status, "state", "running", "startedAt") ?? textAt(pod, "status", "startTime");
  return Date.parse(started ?? pod.metadata.creationTimestamp ?? "1970-01-01T00:00:00Z");
}

/** Time first, then lines, then bytes from the beginning of what is left. */
function cut(lines: readonly LogLine[], query: URLSearchParams, start: number): string {
  const since = sinceIn(query);
  const recent = since === undefined ? lines : lines.filter(({ time }) => time === undefined || time >= since);
  const tailLines = integerIn(query, "tailLines");
  const tail = tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines));
  const stamped = flagIn(query, "timestamps");
  const text = tail.map((line) => (stamped ? `${stampOf(line, start)} ${line.text}` : line.text)).join("");
  const limitBytes = integerIn(query, "limitBytes");
  return limitBytes === undefined ? text : Buffer.from(text).subarray(0, limitBytes).toString();
}

const stampOf = ({ time }: LogLine, start: number): string =>
  new Date(time ?? start).toISOString().replace("Z", "000000Z");

function sinceIn(query: URLSearchParams): number | undefined {
  const seconds = integerIn(query, "sinceSeconds");
  if (seconds !== undefined) return Date.now() - seconds * 1000;
  const text = query.get("sinceTime");
  if (text === null || text === "") return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw badRequest(`parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse "${text}" as "2006"`);
  return time;
}
