/** How wide text is in DejaVu Sans, so that what is drawn does not overlap. */

/** Of the characters from the space to the tilde, in thousandths of the font's size. */
const widths: readonly number[] = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
];
const firstCharacter = 32;
/** Of any other character, what few are wider than: of an alphabet, and of anything else. */
const letterWidth = 750;
const signWidth = 1_000;
const lastAlphabet = 0x10ff;

/** In units of the drawing; never less than it is for Latin text. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const character of text) sum += widthOf(character.codePointAt(0) ?? 0);
  return Math.ceil((sum / 1_000) * size);
}

const widthOf = (code: number): number =>
  widths[code - firstCharacter] ?? (code <= lastAlphabet ? letterWidth : signWidth);

const mark = "…";

/** The text, or as much of its beginning and its end as fits: names that differ only at their ends stay different. */
export function fitWidth(text: string, size: number, most: number): string {
  if (textWidth(text, size) <= most) return text;
  const characters = [...text];
  let kept = characters.length - 1;
  while (kept > 0 && textWidth(shortened(characters, kept), size) > most) kept -= 1;
  return shortened(characters, kept);
}

function shortened(characters: readonly string[], kept: number): string {
  const tail = Math.floor(kept / 2);
  const head = characters.slice(0, kept - tail);
  return `${head.join("")}${mark}${tail === 0 ? "" : characters.slice(-tail).join("")}`;
}
