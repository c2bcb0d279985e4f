/** Which container is meant where none is named. */
import * as z from "zod";
import { readObject, readStatus } from "./answers.ts";
import type { Api } from "./api.ts";
import type { HttpAnswer } from "./connection.ts";
import type { CallScope } from "./kubernetes.ts";
import { pathOf } from "./paths.ts";

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-default-container */
const annotation = "kubectl.kubernetes.io/default-container";

/** The server takes no default in a pod of several containers. */
export const needsContainer = ({ status, body }: Pick<HttpAnswer, "status" | "body">): boolean =>
  status === 400 && /container name must be specified/.test(readStatus(body)?.message ?? "");

interface PodShape {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> | undefined };
  readonly spec?: { readonly containers: readonly { readonly name: string }[] } | undefined;
}

const PodWithContainers = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.object({ containers: z.array(z.object({ name: z.string() })) }),
});

/** The annotated one, where it exists, else the first. */
export function defaultContainer({ metadata, spec }: PodShape): string | undefined {
  const names = spec?.containers.map(({ name }) => name) ?? [];
  const wanted = metadata.annotations?.[annotation];
  return names.find((name) => name === wanted) ?? names[0];
}

/** Asks for the pod, and chooses. */
export async function chosenContainer(
  api: Api,
  scope: CallScope,
  namespace: string,
  pod: string,
): Promise<string | undefined> {
  const facts = { verb: "get", resource: "pods", namespace, name: pod };
  const answer = await api.send(facts, { method: "GET", path: pathOf("Pod", "v1", namespace, pod) }, scope.signal);
  return defaultContainer(PodWithContainers.parse(readObject(api, facts, answer)));
}
