import { podEvent, runAction } from "cortado/testing";
import { expect, it } from "vitest";
import { myAction } from "./my-actions/my-action.ts";

it("shows the processes", async () => {
  const { enrichments } = await runAction(myAction, podEvent({ exec: async () => "PID 1 node", logs: "boom" }));
  expect(enrichments[1]?.blocks[0]).toMatchObject({ type: "markdown", text: expect.stringContaining("PID 1 node") });
});
