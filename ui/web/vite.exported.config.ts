import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { glidePatch } from "./scripts/glide-patch.ts";
import { here, oneFontFormat, unusedParts } from "./vite.config.ts";

/** Libraries that are in an exported page only when something on it needs them, each a script of its own. */
const libraries = ["plotly", "mermaid"];

/** Their modules, in the page's script: what their scripts left in stnbLibraries. */
function apart(): Plugin {
  const prefix = "\0library:";
  return {
    name: "libraries-apart",
    enforce: "pre",
    resolveId(source, importer) {
      const name = /^\.\/(?:parts\/)?(\w+)$/.exec(source)?.[1];
      if (!name || !libraries.includes(name) || !importer?.includes("/src/elements/")) return null;
      // The element's own component has the same name, one folder above.
      return source.startsWith("./parts/") || importer.includes("/parts/") ? prefix + name : null;
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const library = `globalThis.stnbLibraries.${id.slice(prefix.length)}`;
      return `export default ${library}?.default;\nexport const draw = ${library}?.draw;`;
    },
  };
}

// The page of `stnb export html`: one script and one style sheet, with all that
// any element needs in them but those libraries, since such a page can load nothing
// later. `vite build --mode NAME` builds the script of a library.
export default defineConfig(({ mode }): UserConfig => {
  const library = libraries.includes(mode) ? mode : "";
  return {
    base: "./",
    mode: "production",
    // It would warn of import.meta in code that is never reached here.
    logLevel: "error",
    plugins: library ? [] : [apart(), react(), glidePatch(), unusedParts(), oneFontFormat()],
    resolve: { dedupe: ["katex"] },
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir: here("../dist/exported"),
      emptyOutDir: !library,
      target: "es2023",
      modulePreload: false,
      assetsInlineLimit: 100_000_000,
      cssCodeSplit: false,
      chunkSizeWarningLimit: 10_000,
      copyPublicDir: false,
      rollupOptions: {
        input: library ? here(`./src/elements/parts/${library}.ts`) : here("./src/exported/main.tsx"),
        ...(library && { preserveEntrySignatures: "strict" as const }),
        output: {
          format: "iife",
          entryFileNames: `${library || "page"}.js`,
          assetFileNames: "page.[ext]",
          ...(library && { name: `stnbLibraries.${library}`, extend: true, exports: "named" as const }),
        },
      },
    },
  };
});
