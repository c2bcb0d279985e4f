import * as z from "zod";
import { action, type KubernetesNode, PrometheusKubernetesAlert, parseKubernetesDatetime } from "../index.ts";

export const nodeRestartSilencer = action({
  name: "node_restart_silencer",
  description:
    "Ends the work on alerts about a pod whose node became ready a short while ago, after a restart for instance. Put it before what it is to silence.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
  ],
  params: z.strictObject({
    post_restart_silence: z.int().nonnegative().default(300).describe("For how many seconds after the node is ready"),
  }),
  async run(event, { post_restart_silence }, { log }) {
    const node = await (await event.getPod())?.node();
    if (node === undefined) return log.info("no pod on a node that exists, nothing silenced");
    const since = readySince(node);
    if (since === undefined) return;
    const seconds = Math.floor((Date.now() - since.getTime()) / 1000);
    if (seconds >= post_restart_silence) return;
    log.info("alert silenced, as the node was restarted", {
      alert: event.alertName,
      node: node.metadata.name,
      seconds,
    });
    event.stopProcessing();
  },
});

/** Undefined while it is not ready: what its pods suffer from then is news. */
function readySince({ status, metadata }: KubernetesNode): Date | undefined {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready !== undefined && ready.status !== "True") return undefined;
  const time = ready?.lastTransitionTime ?? metadata.creationTimestamp;
  return time ? parseKubernetesDatetime(time) : undefined;
}
