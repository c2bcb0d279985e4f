import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The tests with a real git, a real ssh and a real sshd; `test/git/run.ts` starts them where these are. */
export default defineConfig({
  resolve: { alias: [{ find: /^cortado$/, replacement: source("src/index.ts") }] },
  test: {
    include: ["test/git/**/*.test.ts"],
    maxWorkers: 2,
    reporters: ["default", "./test/helpers/closing-line.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
