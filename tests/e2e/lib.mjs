// What the page tests are written with: a browser, two servers on loopback, and a page that
// remembers everything that a clean page does not do.
import { createServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const ROOT = normalize(join(dirname(fileURLToPath(import.meta.url)), "../.."));
export const DIST = process.env.KAE_DIST ?? join(ROOT, "dist");
const require = createRequire(import.meta.url);

/** The policy of our own pages, from the one place where it is written down. */
export const CSP = readFileSync(join(ROOT, "Trunk.toml"), "utf8").match(/"Content-Security-Policy" = "(.*)"/)[1];
/** A sub-path, as on a documentation host: relative addresses are proven with every test. */
const UNDER = "/docs/kae/";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

const compressed = new Map();
function brotli(file) {
  const changed = statSync(file).mtimeMs;
  const known = compressed.get(file);
  if (known?.changed === changed) return known.body;
  const body = brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  compressed.set(file, { changed, body });
  return body;
}

const listening = (server) =>
  new Promise((done) => server.listen(0, "127.0.0.1", () => done(`http://127.0.0.1:${server.address().port}`)));

/** Serves `folder` under a sub-path, compressed, with the strict policy; any site may import it. */
export async function serveFolder(folder = DIST) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    let file = path.startsWith(UNDER) ? join(folder, normalize(path.slice(UNDER.length - 1))) : "";
    if (file && existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (!file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not here");
      return;
    }
    const headers = {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-security-policy": CSP,
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
      "cache-control": "no-cache",
    };
    if (/\bbr\b/.test(request.headers["accept-encoding"] ?? "")) {
      response.writeHead(200, { ...headers, "content-encoding": "br" }).end(brotli(file));
    } else {
      response.writeHead(200, headers).end(readFileSync(file));
    }
  });
  const origin = await listening(server);
  return { origin, base: origin + UNDER, close: () => server.close() };
}

/** Serves pages of a host that embeds the explainer: another origin, with a policy of its own. */
export async function serveHost() {
  const pages = new Map();
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    // The browser asks for it on its own account; a page is not to blame.
    if (path === "/favicon.ico") return void response.writeHead(204).end();
    const page = pages.get(path);
    if (!page) return void response.writeHead(404).end();
    const policy = page.csp ? { "content-security-policy": page.csp } : {};
    response.writeHead(200, { "content-type": page.type ?? TYPES[".html"], ...policy }).end(page.body);
  });
  const origin = await listening(server);
  return {
    origin,
    close: () => server.close(),
    /** Adds a page; answers its address. */
    page(body, { csp, type, path = `/page-${pages.size + 1}.html` } = {}) {
      pages.set(path, { body, csp, type });
      return origin + path;
    },
  };
}

export function browserPath() {
  const named = process.env.KAE_CHROMIUM;
  const usual = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
  const found = named ?? usual.map((name) => `/usr/bin/${name}`).find(existsSync);
  if (!found) throw new Error("no Chromium was found; KAE_CHROMIUM can name one");
  return found;
}

export function launch(more = []) {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Chromium's own sandbox refuses to run as root, which is what containers are.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...more,
    ],
  });
}

/** How long a test waits for what must come. Only a test that fails ever waits so long. */
export const WAIT_MS = 60_000;
/** So many times slower than they are, pages run: `KAE_SLOW=6` finds tests that depend on time. */
const SLOW = Number(process.env.KAE_SLOW ?? 0);

/** How a page is opened. Every test says only what is special about it. */
const USUAL = { width: 1280, height: 900, theme: "light", forcedColors: "none", reducedMotion: "no-preference" };

/**
 * A new page in a browser context of its own. `page.problems` collects console errors and
 * warnings, exceptions, failed requests and requests to anywhere but `origins`.
 */
export async function newPage(browser, origins, options = {}) {
  const look = { ...USUAL, ...options };
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.theme,
    forcedColors: look.forcedColors,
    reducedMotion: look.reducedMotion,
    hasTouch: look.touch ?? false,
    javaScriptEnabled: look.javaScript ?? true,
    deviceScaleFactor: look.scale ?? 1,
  });
  context.setDefaultTimeout(WAIT_MS);
  if (look.javaScript ?? true) await context.addInitScript(countWork);
  const page = await context.newPage();
  page.problems = [];
  page.requests = [];
  page.on("console", (message) => {
    // It says that a few seconds went by, not that anything is wrong; that what is preloaded is used,
    // and not asked for twice, is a test of its own.
    if (/was preloaded using link preload but not used within a few seconds/.test(message.text())) return;
    if (["error", "warning"].includes(message.type())) page.problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.problems.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    // A page that goes away ends its own requests.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") page.problems.push(`failed: ${request.url()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    page.requests.push(url);
    const own = origins.some((origin) => url.startsWith(`${origin}/`)) || /^(about|blob|data):/.test(url);
    if (!own) page.problems.push(`foreign request: ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) page.problems.push(`${response.status()}: ${response.url()}`);
  });
  const slower = look.slower ?? SLOW;
  if (slower > 1) {
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  }
  return page;
}

/**
 * For `addInitScript`: counts what a page has put off and not done yet (`unfinished`). After an edit
 * the address, the suggestions and the leaving of a tooltip wait for timers of 0.15 to 0.25 s, and
 * Yew itself goes on in a timer of 0 s once it has worked for 16 ms.
 */
function countWork() {
  const { setTimeout: begin, clearTimeout: end } = globalThis;
  const open = new Set();
  globalThis.unfinished = () => open.size;
  globalThis.setTimeout = (task, delay = 0, ...rest) => {
    if (typeof task !== "function" || delay > 1_000) return begin(task, delay, ...rest);
    const id = begin(() => {
      open.delete(id);
      task(...rest);
    }, delay);
    open.add(id);
    return id;
  };
  globalThis.clearTimeout = (id) => {
    open.delete(id);
    end(id);
  };
}

/**
 * Waits until a page, or the frame that an element stands in, has done everything that was asked of
 * it: nothing is put off any more, and two frames later nothing has been added. What is fetched or
 * promised is not part of it, nor is a running clock.
 */
export const settled = (scope) =>
  scope.evaluate(async () => {
    const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    do await frames();
    while (globalThis.unfinished());
  });

/** Waits until an explainer on the page has painted and answers. */
export const ready = (scope) => scope.locator("[data-ready]").first().waitFor({ state: "attached" });

/**
 * For `addInitScript`: notes in `seen` when an explainer was painted and answers (`ready`, ms since
 * the navigation began) and how much the layout shifted.
 */
export function stopwatch() {
  globalThis.seen = { shift: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  const look = new MutationObserver(() => {
    if (!document.querySelector("[data-ready]")) return;
    look.disconnect();
    // Painted: the frame after the one in which it was put there.
    requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.seen.ready = performance.now())));
  });
  look.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
}

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
/** Ends every transition and every animation that has an end, also those that begin meanwhile. */
export async function still(page) {
  await settled(page);
  await page.evaluate(async () => {
    const moving = () => document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    do {
      for (const one of moving()) one.finish();
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    } while (moving().length);
  });
}
/** What axe finds wrong, one line each. Colours are judged as they are in the end, not on their way there. */
export async function axe(page, within) {
  await page.evaluate(AXE);
  await still(page);
  const found = await page.evaluate((selector) => globalThis.axe.run(selector ?? document, { resultTypes: ["violations"], iframes: false }), within);
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${rule.help}: ${node.target.flat().join(" ")}\n    ${node.failureSummary}`),
  );
}

const tests = [];
/** Declares a test: `run` gets the tools below. */
export function test(name, run) {
  tests.push({ name, run });
}
export const declared = () => tests;
