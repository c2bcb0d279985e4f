import * as z from "zod";
import { action, PodEvent } from "../index.ts";

export const podStatusSilencer = action({
  name: "pod_status_silencer",
  description: "Ends the work on pods by their phase. Put it before what it is to silence.",
  on: PodEvent,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  params: z.strictObject({
    include: z.array(z.string()).nullish().describe("Silence pods in every phase but these: Pending, Running, Failed"),
    exclude: z.array(z.string()).nullish().describe("Silence pods in these phases: Succeeded, Unknown"),
  }),
  async run(event, { include, exclude }, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, nothing silenced");
    const phase = pod.status?.phase ?? "Unknown";
    const wanted = include?.length ? isAmong(include, phase) : true;
    if (wanted && !isAmong(exclude ?? [], phase)) return;
    log.info("silenced by the pod's phase", { pod: pod.metadata.name, phase });
    event.stopProcessing();
  },
});

const isAmong = (phases: readonly string[], phase: string) =>
  phases.some((one) => one.toLowerCase() === phase.toLowerCase());
