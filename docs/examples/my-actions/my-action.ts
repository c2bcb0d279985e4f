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

    event.addEnrichment([
      markdown(`*Oh no!* An alert occurred on ${pod.metadata.name}`),
      file("crashing-pod.log", (await pod.logs()) ?? ""),
    ]);

    // Last, as no command runs in a container that is down.
    const processes = await pod.exec("ps aux");
    event.addEnrichment([markdown(`\`\`\`\n${processes.output.trimEnd()}\n\`\`\``)]);
  },
});
