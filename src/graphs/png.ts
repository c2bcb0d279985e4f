/** Graphs as PNG, for those who do not show SVG. What draws them is large, so it is loaded with the first one. */
import { readFile } from "node:fs/promises";

/** The font's own name, as the drawing has to ask for it. A machine that runs functions has no fonts. */
const fontFamily = "DejaVu Sans";
/** Dots for each unit of the drawing, so that it is sharp on the screens of today. */
const scale = 2;

/** The build copies the files that are resolved here beside the bundle. */
async function load() {
  const [{ initWasm, Resvg }, wasm, font] = await Promise.all([
    import("@resvg/resvg-wasm"),
    readFile(new URL(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm"))),
    readFile(new URL(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"))),
  ]);
  await initWasm(wasm);
  return { Resvg, font };
}

/** It can be initialised only once. */
let loaded: ReturnType<typeof load> | undefined;

/** An SVG as PNG, at twice its size. Throws what resvg throws where the SVG is none. */
export async function toPng(svg: string): Promise<Uint8Array> {
  loaded ??= load().catch((error: unknown) => {
    // A file that could not be read this time may be readable the next.
    loaded = undefined;
    throw error;
  });
  const { Resvg, font } = await loaded;
  const drawing = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { fontBuffers: [font], defaultFontFamily: fontFamily, sansSerifFamily: fontFamily },
  });
  try {
    const image = drawing.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}
