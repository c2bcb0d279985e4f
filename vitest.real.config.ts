import { defineConfig } from "vitest/config";

/** The tests that need a real Kubernetes, Alertmanager or Prometheus (`CORTADO_TEST_TOOLS`). One file at a time: they share ports. */
export default defineConfig({
  test: {
    include: ["test/real/**/*.test.ts"],
    fileParallelism: false,
    reporters: ["default", "./test/helpers/closing-line.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
