// Runs the page tests: `node tests/e2e/run.mjs [part of a file's or test's name]...`
// against dist/ (or KAE_DIST). A test that failed is run once more, alone, after all the others: if it
// passes then it counts as passed and is named as unsteady. Ends with the plain line `N passed, N failed`.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, axe, declared, launch, newPage, ready, serveFolder, serveHost, settled } from "./lib.mjs";

/** So that a run ends: no test takes long, but a slow machine may. */
const LIMIT_MS = 300_000;
/** Two cores are usual; a third page would only wait for them. */
const AT_ONCE = Number(process.env.KAE_E2E_AT_ONCE ?? 2);

/** More failures than these are no hiccup of the machine, and none of them is run again. */
const MOST_AGAIN = 8;

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
// A browser that did not start is started once more, one that has died is replaced.
const start = () => launch().catch(() => launch());
let started = start();
async function living() {
  const had = started;
  if (!(await had).isConnected() && started === had) started = start();
  return started;
}
let passed = 0;

/** The tools of one test. */
function tools(browser) {
  const pages = [];
  const t = {
    base: site.base,
    site,
    host,
    browser,
    /** Waits until an explainer is there, and has done what it does of its own accord. */
    async ready(scope) {
      await ready(scope);
      await settled(scope.locator("[data-ready]").first());
    },
    /** Opens a page: a path below the explainer's folder, or a whole address. */
    async open(path = "", options = {}) {
      const page = await newPage(browser, [site.origin, host.origin], options);
      pages.push(page);
      await page.goto(new URL(path, site.base).href);
      if (options.wait !== false && (options.javaScript ?? true)) await t.ready(page);
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

/** Runs a test; answers what went wrong, if anything did. */
async function attempt({ file, name, run }) {
  const t = tools(await living());
  let timer;
  const limit = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    await Promise.race([run(t), limit]);
    // A test that expects a problem takes it out of the list.
    const problems = t.pages.flatMap((page) => page.problems);
    if (problems.length) throw new Error(`the page is not clean:\n  ${problems.join("\n  ")}`);
    return undefined;
  } catch (error) {
    const picture = join(pictures, `${file}-${name}`.replace(/[^\w.-]+/g, "-").slice(0, 120) + ".png");
    await t.pages.at(-1)?.screenshot({ path: picture, timeout: 5_000 }).catch(() => {});
    return `${String(error.stack ?? error).replaceAll("\n", "\n  ")}\n  picture: ${picture}`;
  } finally {
    clearTimeout(timer);
    await Promise.all(t.pages.map((page) => page.context().close().catch(() => {})));
  }
}

const queue = [...chosen];
const failed = [];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const error = await attempt(one);
      if (error) failed.push({ ...one, error });
      else passed += 1;
      console.log(error ? `FAILED  ${one.file}: ${one.name}\n  ${error}` : `ok      ${one.file}: ${one.name}`);
    }
  }),
);

const failures = [];
const unsteady = [];
for (const one of failed) {
  const name = `${one.file}: ${one.name}`;
  const error = failed.length > MOST_AGAIN ? one.error : await attempt(one);
  if (error) {
    failures.push(name);
    if (error !== one.error) console.log(`FAILED  ${name}, once more\n  ${error}`);
  } else {
    passed += 1;
    unsteady.push(name);
    console.log(`unsteady ${name}\n  ${one.error}`);
  }
}
await (await started).close();
site.close();
host.close();

if (failures.length) console.log(`\nfailed:\n  ${failures.join("\n  ")}`);
// The closing line is read by programs: it stays as it is.
if (unsteady.length) console.log(`\n${unsteady.length} unsteady, passed only when run again:\n  ${unsteady.join("\n  ")}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length || !passed ? 1 : 0;
