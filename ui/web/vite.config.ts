import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { glidePatch } from "./scripts/glide-patch.ts";

export const here = (p: string) => fileURLToPath(new URL(p, import.meta.url));

/**
 * The script that sets light or dark must run before the first paint, so it
 * cannot be a module; the policy of the pages forbids inline scripts, so it is a
 * file of its own, named by its hash like all others.
 */
function themeScript(): Plugin {
  const source = readFileSync(here("./src/style/theme-first.js"), "utf8");
  const name = `assets/theme-${createHash("sha256").update(source).digest("base64url").slice(0, 8)}.js`;
  return {
    name: "theme-script",
    transformIndexHtml: () => [{ tag: "script", attrs: { src: `./${name}` }, injectTo: "head-prepend" }],
    configureServer(server) {
      server.middlewares.use(`/${name}`, (_, res) => {
        res.setHeader("Content-Type", "text/javascript");
        res.end(source);
      });
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: name, source });
    },
  };
}

/** Keeps the file that lets Go embed the folder before the first build. */
function keepFolder(): Plugin {
  const keep = here("../dist/.keep");
  const kept = existsSync(keep) ? readFileSync(keep) : "";
  return {
    name: "keep-folder",
    apply: "build",
    closeBundle() {
      mkdirSync(here("../dist"), { recursive: true });
      writeFileSync(keep, kept);
    },
  };
}

/** KaTeX's fonts in the one format that every browser of today reads. */
export function oneFontFormat(): Plugin {
  return {
    name: "one-font-format",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("katex") || !id.split("?")[0]!.endsWith(".css")) return null;
      return { code: code.replace(/,url\([^)]*\.(woff|ttf)\) format\("[^"]*"\)/g, ""), map: null };
    },
  };
}

/**
 * Parts of the grid that stnb never shows: the carousel of its image overlay and the
 * renderer of its Markdown cells.
 */
export function unusedParts(): Plugin {
  const unused = here("./scripts/unused.ts");
  return {
    name: "unused-parts",
    enforce: "pre",
    resolveId(source, importer) {
      const unwanted = source === "marked" || source.startsWith("react-responsive-carousel");
      return unwanted && importer?.includes("glide") ? unused : null;
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [react(), glidePatch(), unusedParts(), oneFontFormat(), themeScript(), keepFolder()],
  resolve: { dedupe: ["katex"] },
  build: {
    outDir: here("../dist"),
    emptyOutDir: true,
    manifest: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { list: here("./list.html"), editor: here("./editor.html"), app: here("./app.html") },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
} as Parameters<typeof defineConfig>[0]);
