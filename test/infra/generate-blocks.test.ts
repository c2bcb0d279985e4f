import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { blocksPage } from "../../infra/generate-blocks.ts";
import { modelBlocks } from "../../infra/model-blocks.ts";
import * as cortado from "../../src/index.ts";

describe("docs/blocks.md", () => {
  it("is what `npm run generate` writes", async () => {
    const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/blocks.md"), "utf8");
    expect(page).toBe(await blocksPage());
  });

  it("names nothing that cortado does not export", () => {
    const named = modelBlocks.flatMap(({ here }) => here);
    expect(named.filter((name) => !Object.hasOwn(cortado, name))).toEqual([]);
  });

  it("gives a reason where there is nothing", () => {
    expect(modelBlocks.filter(({ here, why }) => here.length === 0 && why === "")).toEqual([]);
  });
});
