/** Names of objects that Cortado makes. */
import { createHash, randomUUID } from "node:crypto";

/** A job's name is a label of its pods: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const maxLength = 63;

/**
 * A name that an object can have, from any text: `Fix DB!` becomes `fix-db-` and ten characters. They are drawn by lot; with a `key` they
 * are made of that, so that the same text and key give the same name again.
 */
export function toKubernetesName(text: string, key?: string): string {
  const suffix = (
    key === undefined ? randomUUID().replaceAll("-", "") : createHash("sha256").update(key).digest("hex")
  ).slice(0, 10);
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, maxLength - suffix.length - 1)
    .replaceAll(/^-|-$/g, "");
  return `${plain || "cortado"}-${suffix}`;
}
