import { action, file, markdown, PodEvent } from "cortado";

export const myAction = action({
  name: "my_action",
  description: "Shows which processes run in the pod, and attaches its log.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"] },
  ],
  async run(event, _params, { log }) {
    // An alert may name no pod, or one that is gone by now.
    const pod = await event.getPod();
    if (!pod) return log.warn("no pod on this event");

    const logs = await pod.logs();
    const processes = await pod.exec("ps aux");

    event.addEnrichment([
      markdown(`*Oh no!* An alert occurred on ${pod.metadata.name}`),
      markdown(`\`\`\`\n${processes.output.trimEnd()}\n\`\`\``),
      file("crashing-pod.log", logs ?? ""),
    ]);
  },
});
