import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/real/**"],
    typecheck: { enabled: false },
    reporters: ["default", "./test/helpers/closing-line.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
