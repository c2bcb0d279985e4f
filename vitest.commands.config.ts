import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The tests of the `cortado` command as its users run it, in processes. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ["test/commands/**/*.test.ts"], exclude: [] },
});
