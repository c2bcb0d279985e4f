import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // The examples are packages of their own, and import this one by its name.
  resolve: {
    alias: [
      { find: /^cortado$/, replacement: source("src/index.ts") },
      { find: /^cortado\/testing$/, replacement: source("src/testing.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts", "docs/examples/**/*.test.ts"],
    exclude: ["test/real/**", "test/git/**", "test/commands/**"],
    globalSetup: "test/helpers/build-once.ts",
    typecheck: { enabled: false },
    // Many tests wait: for a deadline, a lease, a process that starts. More workers than cores fill that time.
    maxWorkers: 3,
    // Servers start threads, and each would compile the same modules.
    env: { NODE_COMPILE_CACHE: source("node_modules/.cache/compiled") },
    // A process for each file would load the same modules ninety times, which is a third of the whole run.
    isolate: false,
    reporters: ["default", "./test/helpers/closing-line.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
