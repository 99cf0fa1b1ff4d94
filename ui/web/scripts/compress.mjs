// Writes .br and .gz beside every compressible file of the build and removes the
// raw ones under assets: the server embeds and sends only what is compressed.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
let raw = 0;
let small = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|svg|json|html|txt)$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  if (file.includes(".vite")) continue;
  if (entry.name.endsWith(".html")) continue; // a nonce is written into each answer
  const data = readFileSync(file);
  const br = brotliCompressSync(data, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
  });
  // The scripts of exported pages go into them as they are, with gzip.
  if (!/exported[/\\].*\.js$/.test(file)) writeFileSync(`${file}.br`, br);
  writeFileSync(`${file}.gz`, gzipSync(data, { level: 9 }));
  rmSync(file);
  raw += data.length;
  small += br.length;
}
console.log(`compressed ${(raw / 1e6).toFixed(2)} MB to ${(small / 1e6).toFixed(2)} MB`);
