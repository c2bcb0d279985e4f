/** What the README shows is what there is: its files are the files, and its demo is what the demo prints. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const readme = readFileSync(path.join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)].map(([, , info = "", text = ""]) => ({
  info,
  text,
}));
const run = promisify(execFile);

const shown = blocks.flatMap(({ info, text }) =>
  info.startsWith("file=") ? [[info.slice("file=".length), text]] : [],
);

it.each(shown)("%s is shown as it is", (file, text) => {
  expect(text).toBe(readFileSync(path.join(root, file ?? ""), "utf8"));
});

/** What differs from one run to the next: identities, ports, times, and which of the three services comes first. */
const settled = (output: string) =>
  output
    .replaceAll(/\b01[0-9A-Z]{24}\b/g, "RUN")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:Z| UTC)/g, "TIME")
    .replaceAll(/\b[\d.]+ (m?s)\b/g, "N $1")
    .replaceAll(/\bsvc-[abc]\b/g, "svc-X")
    // Deliveries that are worked at the same time end in any order.
    .split("\n")
    .map((line) => line.trimEnd())
    .sort();

it("the demo prints what is shown, and ends by itself", async () => {
  const { stdout } = await run(process.execPath, ["src/dev/demo.ts"], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const demo = blocks.find(({ info }) => info === "demo")?.text ?? "";
  expect(settled(stdout)).toEqual(settled(demo));
});
