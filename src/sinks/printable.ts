import { stripVTControlCharacters } from "node:util";

/** What a terminal shows as it is: no control characters but line breaks and tabs, no half characters. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text.toWellFormed()).replace(/\r\n?/g, "\n").replace(controlCharacters, "");

const controlCharacters = /[^\P{Cc}\n\t]/gu;

/** The same for what has to stay in one line. */
export const printableLine = (text: string): string => printable(text).replaceAll("\n", " ").trim();
