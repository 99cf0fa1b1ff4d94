import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { glidePatch } from "./scripts/glide-patch.ts";
import { alias, here, oneFontFormat } from "./vite.config.ts";

// The page of `stnb export html`: one script and one style sheet, with all that
// any element needs in them, since such a page can load nothing later.
export default defineConfig({
  base: "./",
  // It would warn of import.meta in code that is never reached here.
  logLevel: "error",
  plugins: [react(), glidePatch(), oneFontFormat()],
  resolve: { alias },
  build: {
    outDir: here("../dist/exported"),
    emptyOutDir: true,
    target: "es2023",
    modulePreload: false,
    assetsInlineLimit: 100_000_000,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 10_000,
    copyPublicDir: false,
    rollupOptions: {
      input: here("./src/exported/main.tsx"),
      output: { format: "iife", entryFileNames: "page.js", assetFileNames: "page.[ext]" },
    },
  },
});
