/** Every built-in action that may be run by hand can be, and every other says why not. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ExecutionBaseEvent } from "../../src/events/event.ts";
import { isSubclass } from "../../src/events/event-class.ts";
import { eventClasses } from "../../src/events/event-classes.gen.ts";
import { vocabulary } from "../../src/services/generation.ts";
import { type InlineApp, startInlineApp } from "../helpers/inline-app.ts";

const { builtinActions } = await vocabulary();
/** What every action takes that takes anything by hand: an object of a kind, or nothing. */
const byHand = [ExecutionBaseEvent, ...Object.values(eventClasses).map(({ resource }) => resource)];
const canBe = builtinActions.filter(({ on }) => byHand.some((event) => isSubclass(event, on)));
const cannotBe = builtinActions.filter((action) => !canBe.includes(action));

const sha256 = createHash("sha256").update("all").digest("hex");
let inline: InlineApp;
beforeAll(async () => {
  const auth = { tokens: [{ name: "all", sha256, scopes: ["invoke:**"] }] };
  inline = await startInlineApp({ configuration: { auth } });
});
afterAll(() => inline.close());

const run = (name: string, body: object) => inline.request("POST", `/api/actions/${name}`, { as: "all", body });
const problemsOf = (body: Readonly<Record<string, unknown>>) =>
  body.problems as readonly { path: string }[] | undefined;

it("there are some of both", () => {
  expect(canBe.length).toBeGreaterThan(40);
  expect(cannotBe.length).toBeGreaterThan(10);
});

describe("can be run by hand, on an object of each kind that it takes", () => {
  it.each(canBe.map(({ name }) => name))("%s", async (name) => {
    const { body: action } = await inline.request("GET", `/api/actions/${name}`, { as: "all" });
    expect(action.byHand).toBe(true);
    const { kinds, required } = action.target as { kinds: readonly string[]; required: boolean };
    const targets = [...(required ? [] : [undefined]), ...kinds.map((kind) => ({ kind, name: "a", namespace: "b" }))];
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) {
      // A param that no action has: nothing is run, and what is said tells whether all else is right.
      const params = { "no action has this": 1 };
      const answer = await run(name, { params, ...(target === undefined ? {} : { target }) });
      expect(answer.status).toBe(422);
      expect(problemsOf(answer.body)?.filter(({ path }) => !path.startsWith("params"))).toEqual([]);
    }
  });
});

describe("is run, dry, with nothing but a target that is gone, where it needs no params", () => {
  const needsNone = canBe.filter(({ params }) => params.safeParse({}).success);

  it.each(needsNone)("$name", async ({ name, on }) => {
    const [kind] = Object.entries(eventClasses).find(([, { resource }]) => isSubclass(resource, on)) ?? [];
    const answer = await run(name, { target: { kind, name: "a", namespace: "b" }, dryRun: true });
    const steps = [{ action: name, state: "done" }];
    expect(answer).toMatchObject({ status: 200, body: { state: "done", dryRun: true, steps } });
  });

  it("which is most of them", () => {
    expect(needsNone.length).toBeGreaterThan(canBe.length / 2);
  });
});

describe("cannot, and says that only what really happened can bring its event", () => {
  it.each(cannotBe)("$name", async ({ name, on }) => {
    expect(await inline.request("GET", `/api/actions/${name}`, { as: "all" })).toMatchObject({
      body: { byHand: false, whyNot: expect.stringContaining(on.name) },
    });
    expect(await run(name, { target: { kind: "pod", name: "a", namespace: "b" } })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("only what really happened can bring") },
    });
  });
});
