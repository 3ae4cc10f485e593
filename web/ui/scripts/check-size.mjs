// Fails when what a first page view loads is larger than design.md section 9 allows.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const LIMIT = 220 * 1024;
const OUT = new URL("../../dvmdash/web/static/", import.meta.url);

const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", OUT), "utf8"));
const entry = Object.values(manifest).find((chunk) => chunk.isEntry);
const seen = new Set();

function collect(chunk) {
  if (seen.has(chunk.file)) return;
  seen.add(chunk.file);
  for (const name of chunk.imports ?? []) collect(manifest[name]);
}

collect(entry);
const sizes = await Promise.all(
  [...seen].map(async (file) => gzipSync(await readFile(new URL(file, OUT))).length),
);
const total = sizes.reduce((sum, size) => sum + size, 0);
const shown = `initial JavaScript: ${(total / 1024).toFixed(1)} KiB gzipped, limit ${LIMIT / 1024} KiB`;
if (total > LIMIT) {
  console.error(`Too large: ${shown}`);
  process.exit(1);
}
console.log(shown);
