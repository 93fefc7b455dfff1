// Fails the build when what a first visit loads grows beyond the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 330_000;
const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));

/** The files that the browser must have before `key` runs: itself, its static imports and their styles. */
function filesOf(key, seen = new Set()) {
  if (seen.has(key)) return [];
  seen.add(key);
  const chunk = manifest[key];
  return [chunk.file, ...(chunk.css ?? []), ...(chunk.imports ?? []).flatMap((name) => filesOf(name, seen))];
}

// Of the languages, one is loaded: the longer one, here.
const files = [...new Set([...filesOf("index.html"), ...filesOf("src/locales/ru/index.ts")])];
const sizes = files.map((file) => [file, gzipSync(readFileSync(`dist/${file}`)).length]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [file, size] of sizes) console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${file}`);
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  first visit, gzipped, of ${BUDGET / 1000} kB`);
if (total > BUDGET) process.exit(1);
