/** Which version of a kind's group a cluster serves: assumed to be the current one, asked where that turns out wrong. */
import * as z from "zod";
import { ClusterError } from "../errors.ts";
import { isAboutAnObject, readObject } from "./answers.ts";
import type { Api } from "./api.ts";
import type { HttpAnswer } from "./connection.ts";
import type { Kind } from "./kinds.ts";
import { infoOf } from "./paths.ts";

/** What is remembered of a cluster, by kind. */
export type Versions = Map<Kind, string>;

const Group = z.object({ versions: z.array(z.object({ version: z.string() })) });
const Resources = z.object({ resources: z.array(z.object({ name: z.string() })) });

/** Sends a request for the version that the cluster serves. `send` may be called twice. */
export async function withVersion(
  api: Api,
  versions: Versions,
  kind: Kind,
  signal: AbortSignal | undefined,
  send: (version: string) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const { group, version: current } = infoOf(kind);
  const assumed = versions.get(kind) ?? current;
  const answer = await send(assumed);
  if (group === "" || answer.status !== 404 || isAboutAnObject(answer)) return answer;
  const served = await discover(api, kind, signal);
  if (served === undefined) {
    const message = `The cluster ${api.name} has no ${kind}: it serves no version of ${group} with ${infoOf(kind).plural}.`;
    throw new ClusterError(404, "NotServed", message);
  }
  if (served === assumed) return answer;
  versions.set(kind, served);
  return send(served);
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#discovery-api */
async function discover(api: Api, kind: Kind, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { group, version: current, plural } = infoOf(kind);
  const facts = { verb: "get", resource: `/apis/${group}` };
  const answer = await api.send(facts, { method: "GET", path: `/apis/${group}` }, signal);
  if (answer.status === 404) return undefined;
  const { versions } = Group.parse(readObject(api, facts, answer));
  for (const version of versions.map(({ version }) => version).sort(byLikeness(current))) {
    const path = `/apis/${group}/${version}`;
    const list = await api.send({ verb: "get", resource: path }, { method: "GET", path }, signal);
    const { resources } = Resources.parse(readObject(api, { verb: "get", resource: path }, list));
    if (resources.some(({ name }) => name === plural)) return version;
  }
  return undefined;
}

/** The versions most like the current one first: `v2beta2` is nearer to `v2` than `v1` is. */
function byLikeness(current: string): (a: string, b: string) => number {
  const rank = (version: string): readonly number[] => {
    const [, major = "0", stage = "", minor = "0"] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
    const [, currentMajor] = /^v(\d+)/.exec(current) ?? [];
    return [major === currentMajor ? 1 : 0, ["alpha", "beta", ""].indexOf(stage), Number(major), Number(minor)];
  };
  return (a, b) => {
    const other = rank(a);
    return (
      rank(b)
        .map((value, index) => value - (other[index] ?? 0))
        .find((difference) => difference !== 0) ?? 0
    );
  };
}
