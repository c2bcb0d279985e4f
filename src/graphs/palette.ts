/** Colours that people who see few of them tell apart, without the two that vanish on white. https://jfly.uni-koeln.de/color/ */
import type { Attributes } from "./elements.ts";

const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5c5c5c"] as const;
/** When the colours are used up they come again, broken. */
const dashes = [undefined, "7 3", "2 3"] as const;

export const colourOf = (index: number): string => colours[index % colours.length] ?? colours[0];

/** The colour and the attributes of a series' line, by its place among the series. */
export const strokeOf = (index: number, width: number): readonly [colour: string, style: Attributes] => [
  colourOf(index),
  { "stroke-width": width, "stroke-dasharray": dashes[Math.floor(index / colours.length) % dashes.length] },
];
