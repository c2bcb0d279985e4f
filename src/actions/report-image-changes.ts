import * as z from "zod";
import { action, imagesByContainer, json, KubernetesAnyChangeEvent, table } from "../index.ts";

export const reportImageChanges = action({
  name: "report_image_changes",
  description:
    "Makes a finding when another image is deployed: which container's, before and after, as a table and as JSON. Of pods and other objects that something controls it tells nothing.",
  on: KubernetesAnyChangeEvent,
  effects: "read",
  permissions: [],
  params: z.strictObject({}),
  run(event, _params, { log }) {
    const { obj, oldObj, operation } = event;
    const { name, namespace = "", ownerReferences = [] } = obj.metadata;
    if (operation !== "update" || oldObj === undefined)
      return log.info("there is nothing to compare its images with", { name });
    if (ownerReferences.length > 0) return log.info("its images are those of what controls it", { name });
    const changed = changedImages(imagesByContainer(oldObj), imagesByContainer(obj));
    if (changed.length === 0) return log.info("its images are the same", { name });
    event.addFinding({
      title: `${(obj.kind ?? "object").toLowerCase()} ${name} updated in namespace ${namespace}`,
      aggregationKey: "report_image_changes",
    });
    const message = changed.map(({ container, before, after }) => `${container}: ${before} -> ${after}`).join(", ");
    event.addEnrichment([
      table(
        ["container", "before", "after"],
        changed.map(({ container, before, after }) => [container, before, after]),
        "Images",
      ),
      json({
        deployment: name,
        deployment_namespace: namespace,
        message,
        changed_properties: changed.map(({ before, after }) => ({ property: "image", old: before, new: after })),
      }),
    ]);
  },
});

type Images = ReadonlyMap<string, string>;

const changedImages = (before: Images, after: Images) =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((container) => {
    const images = { before: before.get(container) ?? "", after: after.get(container) ?? "" };
    return images.before === images.after ? [] : [{ container, ...images }];
  });
