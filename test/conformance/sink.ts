/** What is true of every sink, whatever it is and whatever it is given. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import type { Sink, SinkContext } from "../../src/sinks/sink.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { crashLoop, findingOf, resolvedOf } from "../helpers/findings.ts";
import { expectNoSecret } from "../helpers/leaks-no-secret.ts";
import { nastyFindings } from "./nasty-findings.ts";

/** A sink and the destination behind it. */
export interface SinkUnderTest {
  readonly sink: Sink;
  /** What the destination's reader has, one text for each message or line, oldest first. */
  told(): readonly string[] | Promise<readonly string[]>;
  /** What the destination refused, and which of its limits were broken. */
  complaints(): readonly string[] | Promise<readonly string[]>;
  /** Breaks the destination: from now on nothing can be delivered. */
  breakDown(): void | Promise<void>;
  /** What no error may show. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

const contextOf = (changes: Partial<SinkContext> = {}): SinkContext => ({
  messageId: "0123456789abcdef0123456789abcdef",
  signal: new AbortController().signal,
  possiblyRepeated: false,
  ...changes,
});

/** `edits`: whether it can bring a message up to date. */
export function sinkConformance(name: string, edits: boolean, make: () => Promise<SinkUnderTest>): void {
  describe(`${name}, as every sink`, () => {
    let tested: SinkUnderTest;
    beforeEach(async () => {
      tested = await make();
    });
    afterEach(() => tested.close());

    const post = (finding: Finding, changes: Partial<SinkContext> = {}) =>
      tested.sink.post(finding, contextOf(changes));

    it.each(nastyFindings)("delivers %s within its limits", async (_, finding) => {
      await post(finding);
      expect(await tested.complaints()).toEqual([]);
      expect(await tested.told()).toHaveLength(1);
    });

    it("tells what was found", async () => {
      await post(crashLoop());
      const [told = ""] = await tested.told();
      for (const said of ["checkout-7d9f", "HIGH", "cannot connect to redis", "BackOff", "defunct", "prod-eu"]) {
        expect(told).toContain(said);
      }
    });

    it("gives an address of plain strings", async () => {
      const address = await post(findingOf());
      for (const value of Object.values(address)) expect(value).toBeTypeOf("string");
    });

    it("says that a message is possibly repeated", async () => {
      await post(findingOf(), { possiblyRepeated: true });
      const [told = ""] = await tested.told();
      expect(told).toMatch(/possibly ?repeated/i);
    });

    it(edits ? "can edit and reply, as its type says" : "cannot edit or reply, and says so", () => {
      const can = [tested.sink.update, tested.sink.reply].map((method) => method !== undefined);
      expect([...can, sinkTypes.get(tested.sink.type)?.edits]).toEqual([edits, edits, edits]);
    });

    if (edits) declareEditing(() => tested);

    it("fails with a SinkError that shows no secret", async () => {
      await tested.breakDown();
      const failure = await post(findingOf()).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        name: "SinkError",
        retryable: expect.any(Boolean),
        outcomeUnknown: expect.any(Boolean),
      });
      expectNoSecret(failure, tested.secrets);
    });
  });
}

function declareEditing(tested: () => SinkUnderTest): void {
  it.each(nastyFindings)("edits to %s", async (_, finding) => {
    const address = await tested().sink.post(crashLoop(), contextOf());
    const messages = (await tested().told()).length;
    const updated = await tested().sink.update?.(address, { ...finding, status: "resolved" }, contextOf());
    expect(updated).not.toBe("gone");
    expect(await tested().told()).toHaveLength(messages);
    expect(await tested().complaints()).toEqual([]);
  });

  it.each(nastyFindings)("replies with %s within its limits", async (_, finding) => {
    const address = await tested().sink.post(crashLoop(), contextOf());
    const reply = contextOf({ messageId: "fedcba9876543210fedcba9876543210" });
    expect(await tested().sink.reply?.(address, finding, reply)).not.toBe("gone");
    expect(await tested().complaints()).toEqual([]);
  });

  it("keeps what it said when it edits", async () => {
    const address = await tested().sink.post(crashLoop(), contextOf());
    await tested().sink.update?.(address, resolvedOf({ enrichments: [] }), contextOf());
    const [told = ""] = await tested().told();
    expect(told).toContain("cannot connect to redis");
  });
}
