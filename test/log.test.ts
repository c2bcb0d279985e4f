import { expect, it } from "vitest";
import { createLogger, type LogOptions } from "../src/log.ts";
import { createScrubber } from "../src/tools/scrub.ts";

function logged(level: LogOptions["level"], secret = "unused") {
  const lines: string[] = [];
  const scrubber = createScrubber();
  scrubber.add(secret);
  const log = createLogger({ level, scrubber, stream: { write: (line) => void lines.push(line) } });
  for (const name of ["debug", "info", "warn", "error"] as const) log[name](`a ${name} line`, { secret });
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

it("is lines of JSON with a level, a time and the fields", () => {
  expect(logged("info")[0]).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    secret: "[secret]",
    msg: "a info line",
  });
});

it.each([
  ["debug", 4],
  ["info", 3],
  ["warn", 2],
  ["error", 1],
  ["silent", 0],
] as const)("at %s has %i of four lines", (level, count) => {
  expect(logged(level)).toHaveLength(count);
});

it("shows no secret, whatever is in it", () => {
  const secret = 'a "quoted" pass\\word';
  expect(JSON.stringify(logged("debug", secret))).not.toContain("quoted");
});
