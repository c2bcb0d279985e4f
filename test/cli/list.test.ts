/** `cortado actions --json` and the like, as somebody reads them who writes a configuration, or a program that helps with it. */
import { describe, expect, it } from "vitest";
import { itemsOf } from "../../src/cli/list.ts";
import { vocabulary } from "../../src/services/generation.ts";

describe.each(["actions", "triggers", "sinks"] as const)("cortado %s --json", async (what) => {
  const items = await itemsOf(what);

  it("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(items))).toEqual(items);
  });

  it.each(items.map((item) => [item.name, item] as const))(
    "%s says what it does, and what each param is",
    (_, item) => {
      expect(item.description).toMatch(/^[A-Z].*\.$/s);
      const params = Object.entries(item.params.properties ?? {});
      const mute = params.filter(([, schema]) => typeof schema !== "object" || !schema.description);
      expect(mute.map(([name]) => name)).toEqual([]);
    },
  );
});

describe("cortado actions --json", () => {
  it("says what an action needs, how long it may take, and what it does to the world", async () => {
    const drain = (await itemsOf("actions")).find(({ name }) => name === "drain");
    expect(drain).toMatchObject({
      on: "NodeEvent",
      effects: "destroy",
      timeoutSeconds: expect.any(Number),
      permissions: expect.arrayContaining([expect.objectContaining({ resources: ["pods/eviction"] })]),
    });
  });

  it("has every action that there is", async () => {
    const { builtinActions } = await vocabulary();
    expect((await itemsOf("actions")).map(({ name }) => name)).toEqual(builtinActions.map(({ name }) => name));
  });
});
