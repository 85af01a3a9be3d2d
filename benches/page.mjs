// How soon the page can be used: `cargo xtask bench page`, or
//   node benches/page.mjs [--rounds 9] [--also FOLDER]...
// Each round opens every folder once, plain and with the processor slowed down four times, in a new
// browser context. Medians, so that one hiccup of the machine does not count; compare within a run.
import { brotliCompressSync, constants } from "node:zlib";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DIST, launch, newPage, serveFolder, stopwatch } from "../tests/e2e/lib.mjs";

const words = process.argv.slice(2);
const after = (name) => words.flatMap((word, i) => (word === name ? [words[i + 1]] : []));
const rounds = Number(after("--rounds")[0] ?? 9);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

async function once(browser, site, slower) {
  const page = await newPage(browser, [site.origin], { slower });
  await page.addInitScript(stopwatch);
  await page.goto(site.base);
  await page.waitForFunction(() => globalThis.seen.ready);
  const seen = await page.evaluate(() => ({
    ...globalThis.seen,
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    elements: document.querySelectorAll("*").length,
  }));
  const files = page.requests.filter((url) => url.startsWith(site.base)).map((url) => url.slice(site.base.length) || "index.html");
  const problems = page.problems;
  await page.context().close();
  return { ...seen, files: [...new Set(files)], problems };
}

const brotli = (file) =>
  brotliCompressSync(readFileSync(file), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  }).length;

const folders = [DIST, ...after("--also")];
const sites = await Promise.all(folders.map((folder) => serveFolder(folder)));
const browser = await launch();
const results = folders.map(() => ({ plain: [], slowed: [] }));
await once(browser, sites[0]); // the browser's own first page is slow
for (let round = 0; round < rounds; round += 1) {
  for (const [i, site] of sites.entries()) {
    results[i].plain.push(await once(browser, site));
    results[i].slowed.push(await once(browser, site, 4));
  }
}
await browser.close();
for (const [i, { plain, slowed }] of results.entries()) {
  const of = (list, name) => Math.round(median(list.map((one) => one[name])));
  console.log(folders[i] === DIST ? "this build" : folders[i]);
  console.log(`  first paint       ${of(plain, "painted")} ms; processor 4x slower: ${of(slowed, "painted")} ms`);
  console.log(`  answers input     ${of(plain, "ready")} ms; processor 4x slower: ${of(slowed, "ready")} ms`);
  console.log(`  layout shift      ${Math.max(...plain.map(({ shift }) => shift)).toFixed(4)}`);
  console.log(`  elements          ${plain[0].elements}`);
  console.log(`  on the wire       ${plain[0].files.reduce((sum, file) => sum + brotli(join(folders[i], file)), 0)} bytes in ${plain[0].files.length} files`);
  for (const problem of new Set(plain.flatMap(({ problems }) => problems))) console.log(`  problem: ${problem}`);
}
for (const site of sites) site.close();
