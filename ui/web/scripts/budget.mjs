// What each page loads before it can be used, gzipped, against its budget: the
// static imports of the entry and of the element kinds the page shows.
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));
const size = (file) => statSync(`${dist}${file}.gz`).size;

function load(keys) {
  const seen = new Set();
  const files = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`budget: ${key} is not in the manifest`);
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const key of keys) visit(key);
  return files;
}

const kind = (name) => `src/elements/${name}.tsx`;
const pages = [
  ["list", ["list.html"], 90_000],
  ["app, text and slider", ["app.html", kind("slider")], 100_000],
  [
    "app, the common widgets",
    ["app.html", kind("slider"), kind("select"), kind("input"), kind("choice")],
    120_000,
  ],
  ["app, with a grid", ["app.html", kind("dataframe")], 280_000],
  ["app, with a chart", ["app.html", kind("chart")], 340_000],
  ["editor", ["editor.html", "src/editor/code/mount.ts"], 300_000],
];

let over = false;
for (const [name, keys, budget] of pages) {
  const files = load(keys);
  const total = [...files].reduce((sum, file) => sum + size(file), 0);
  const bad = total > budget;
  over ||= bad;
  const text = `${name.padEnd(26)} ${(total / 1000).toFixed(1).padStart(6)} kB of ${budget / 1000} in ${files.size} files`;
  console.log(bad ? `${text}  OVER BUDGET` : text);
}
process.exit(over ? 1 : 0);
