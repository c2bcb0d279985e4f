import { BadRequestError } from "../errors.ts";

const quantity = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A quantity of Kubernetes as a number: `250m` of CPU is 0.25 (cores), `64Mi` of memory 67108864 (bytes). Throws a BadRequestError for any
 * other text. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseKubernetesQuantity(text: string): number {
  const [, number, suffix, exponent] = quantity.exec(text) ?? [];
  if (number === undefined) {
    throw new BadRequestError(`${JSON.stringify(text)} is not a quantity of Kubernetes; one looks like 250m or 64Mi.`);
  }
  if (exponent !== undefined) return Number(`${number}e${exponent}`);
  // Thousandths are divided, not multiplied: 3 * 0.001 is not 0.003.
  const factor = factors[suffix ?? ""] ?? 1;
  return factor < 1 ? Number(number) / Math.round(1 / factor) : Number(number) * factor;
}
