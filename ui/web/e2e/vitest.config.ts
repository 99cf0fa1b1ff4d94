import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Tests in a real browser against the real binary, one file after the other: each
// starts servers and kernels of its own, and two cores are soon full.
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  cacheDir: fileURLToPath(new URL("../node_modules/.vite-e2e", import.meta.url)),
  test: {
    environment: "node",
    include: ["*.e2e.ts"],
    // What is measured, and the acceptance list's promises, have targets of their own.
    exclude: [
      ...(process.env.STNB_BENCH ? [] : ["bench*.e2e.ts"]),
      ...(process.env.STNB_ACCEPTANCE ? [] : ["data.e2e.ts"]),
      ...(process.env.STNB_SCREENSHOTS ? [] : ["screenshots.e2e.ts"]),
    ],
    fileParallelism: false,
    testTimeout: 180_000, // no test takes so long, and every wait in it has an end of its own
    hookTimeout: 180_000,
    teardownTimeout: 20_000,
    reporters: ["verbose"],
  },
});
