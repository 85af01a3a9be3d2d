// Runs the page tests: `node tests/e2e/run.mjs [part of a file's or test's name]...`
// against dist/ (or KAE_DIST). Ends with the plain line `N passed, N failed`.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, axe, declared, launch, newPage, ready, serveFolder, serveHost } from "./lib.mjs";

const LIMIT_MS = 120_000;
/** Two cores are usual; a third page would only wait for them. */
const AT_ONCE = Number(process.env.KAE_E2E_AT_ONCE ?? 2);

const wanted = process.argv.slice(2);
const folder = join(ROOT, "tests/e2e");
for (const file of readdirSync(folder).filter((name) => name.endsWith(".spec.mjs")).sort()) {
  const before = declared().length;
  await import(pathToFileURL(join(folder, file)));
  for (const one of declared().slice(before)) one.file = file;
}
const chosen = declared().filter(
  ({ file, name }) => !wanted.length || wanted.some((part) => file.includes(part) || name.includes(part)),
);

const pictures = join(folder, "out");
mkdirSync(pictures, { recursive: true });
const site = await serveFolder();
const host = await serveHost();
const browser = await launch();
let passed = 0;
const failures = [];

/** The tools of one test. */
function tools() {
  const pages = [];
  const t = {
    base: site.base,
    site,
    host,
    browser,
    ready,
    /** Opens a page: a path below the explainer's folder, or a whole address. */
    async open(path = "", options = {}) {
      const page = await newPage(browser, [site.origin, host.origin], options);
      pages.push(page);
      await page.goto(new URL(path, site.base).href);
      if (options.wait !== false && (options.javaScript ?? true)) await ready(page);
      return page;
    },
    /** Fails if axe finds anything. */
    async axe(page, within) {
      const found = await axe(page, within);
      if (found.length) throw new Error(`axe found ${found.length}:\n  ${found.join("\n  ")}`);
    },
    pages,
  };
  return t;
}

async function runOne({ file, name, run }) {
  const t = tools();
  let timer;
  const limit = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    await Promise.race([run(t), limit]);
    // A test that expects a problem takes it out of the list.
    const problems = t.pages.flatMap((page) => page.problems);
    if (problems.length) throw new Error(`the page is not clean:\n  ${problems.join("\n  ")}`);
    passed += 1;
    console.log(`ok      ${file}: ${name}`);
  } catch (error) {
    failures.push(`${file}: ${name}`);
    const picture = join(pictures, `${file}-${name}`.replace(/[^\w.-]+/g, "-").slice(0, 120) + ".png");
    await t.pages.at(-1)?.screenshot({ path: picture, timeout: 5_000 }).catch(() => {});
    console.log(`FAILED  ${file}: ${name}\n  ${String(error.stack ?? error).replaceAll("\n", "\n  ")}\n  picture: ${picture}`);
  } finally {
    clearTimeout(timer);
    await Promise.all(t.pages.map((page) => page.context().close().catch(() => {})));
  }
}

const queue = [...chosen];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let one = queue.shift(); one; one = queue.shift()) await runOne(one);
  }),
);
await browser.close();
site.close();
host.close();

if (failures.length) console.log(`\nfailed:\n  ${failures.join("\n  ")}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length || !passed ? 1 : 0;
