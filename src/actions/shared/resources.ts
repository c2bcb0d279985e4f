/** What pods ask for, and quantities as people read them. */
import { type Pod, parseKubernetesQuantity, podRequest } from "../../index.ts";

type Container = NonNullable<Pod["spec"]>["containers"][number];
type Which = "requests" | "limits";

const amount = ({ resources }: Container, which: Which, resource: string): number => {
  const text = resources?.[which]?.[resource];
  return text === undefined ? 0 : parseKubernetesQuantity(text);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What containers ask for together, in cores or bytes; 0 where none of them says. */
export const totalOf = (containers: readonly Container[], which: Which, resource: string): number =>
  sum(containers.map((container) => amount(container, which, resource)));

export const nodeRequests = (pods: readonly Pod[], resource: string): number =>
  sum(pods.map((pod) => podRequest(pod, resource)));

/** Cores with up to three decimals, bytes in the largest binary unit that keeps a digit before the point. */
export function quantityText(resource: string, value: number): string {
  if (resource === "cpu") return String(Math.round(value * 1000) / 1000);
  const units = ["", "Ki", "Mi", "Gi", "Ti"];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${Math.round((value / 2 ** (10 * power)) * 10) / 10}${units[power]}`;
}

export const percent = (part: number, whole: number): string =>
  whole > 0 ? `${Math.round((part / whole) * 100)}%` : "";
