import { inspect } from "node:util";
import { expect } from "vitest";

/** Holds that a value (an error with its causes, a result, a log) has none of the secrets anywhere, in no usual encoding either. */
export function expectNoSecret(value: unknown, secrets: readonly string[]): void {
  const seen = [
    inspect(value, { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    ...(value instanceof Error ? [value.message, value.stack ?? "", String(value.cause ?? "")] : []),
    typeof value === "string" ? value : (JSON.stringify(value) ?? ""),
  ].join("\n");
  for (const secret of secrets) {
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
      JSON.stringify(secret).slice(1, -1),
    ];
    // Not `not.toContain`: a test that fails must not print the secret's surroundings either.
    expect(
      forms.some((form) => seen.includes(form)),
      `the secret ${secret.slice(0, 4)}… is in it`,
    ).toBe(false);
  }
}
