import { readFile } from "node:fs/promises";
import { Resvg } from "@resvg/resvg-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { graph } from "../../src/findings/graph.ts";
import { toPng } from "../../src/graphs/png.ts";
import { toSvg } from "../../src/graphs/svg.ts";
import { textWidth } from "../../src/graphs/text-width.ts";
import { everyMinute, wave } from "./series.ts";

const signature = "89504e470d0a1a0a";
const white = '<rect width="300" height="40" fill="#fff"/>';
const svgOf = (content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40" font-family="DejaVu Sans">${white}${content}</svg>`;

describe("a graph as PNG", () => {
  it("is one, at twice its size", async () => {
    const png = Buffer.from(await toPng(toSvg(graph("CPU usage", [everyMinute("api", wave(60, 0, 1))]))));
    expect(png.subarray(0, 8).toString("hex")).toBe(signature);
    // https://www.w3.org/TR/png-3/#11IHDR
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_800, 800]);
  });

  it.each(["CPU usage", "Нагрузка", "φόρτος", "تحميل"])("has its text, for which there is a font: %s", async (text) => {
    const blank = await toPng(svgOf(""));
    const written = await toPng(svgOf(`<text x="10" y="25" font-size="17">${text}</text>`));
    const missing = await toPng(svgOf(`<text x="10" y="25" font-size="17">${"\u{1ffff}".repeat(text.length)}</text>`));
    expect(written).toEqual(await toPng(svgOf(`<text x="10" y="25" font-size="17">${text}</text>`)));
    expect(written).not.toEqual(blank);
    expect(written).not.toEqual(missing);
  });

  it("is refused where the drawing is none", async () => {
    await expect(toPng("no drawing")).rejects.toThrow();
    await expect(toPng(svgOf(""))).resolves.toBeInstanceOf(Uint8Array);
  });
});

const font = await readFile(new URL(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf")));
// What resvg needs of its memory is there once a first drawing was made.
beforeAll(() => toPng(svgOf("")));

it.each(["checkout-service-7d9f8c6b5-x2k4p", "WWWWWW", "iiiiii", "0.93 cores", "{pod: a}", "Нагрузка процессора"])(
  "no text is wider than it is taken for: %s",
  (text) => {
    const drawn = new Resvg(svgOf(`<text y="20" font-size="12">${text}</text>`).replace(white, ""), {
      font: { fontBuffers: [font], defaultFontFamily: "DejaVu Sans" },
    });
    const width = drawn.innerBBox()?.width ?? 0;
    drawn.free();
    expect(width).toBeGreaterThan(10);
    expect(width).toBeLessThanOrEqual(textWidth(text, 12));
  },
);
