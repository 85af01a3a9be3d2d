// The chain works: the page comes up clean under a strict policy, alone, in a frame, in elements.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, test } from "./lib.mjs";

test("the page comes up without a console message or a foreign request", async (t) => {
  const page = await t.open();
  assert.match(await page.title(), /Keep-Alive/);
});

test("the first view loads the files that the size ledger counts, and no others", async (t) => {
  const page = await t.open();
  await page.waitForLoadState("networkidle");
  const loaded = page.requests.filter((url) => url.startsWith(t.base)).map((url) => url.slice(t.base.length) || "index.html");
  const { ledgers } = JSON.parse(readFileSync(join(ROOT, "xtask/budget.json"), "utf8"));
  const counted = ledgers.find(({ name }) => name === "first view").files;
  // Chromium may not ask for the icon yet, or not tell; a visitor's browser asks.
  const asked = new Set(["icon.svg", ...loaded]);
  assert.deepEqual([...asked].sort(), [...counted].sort());
  assert.equal(new Set(loaded).size, loaded.length, `asked for twice: ${loaded}`);
});

test("the embedded page comes up alone and tells its height to the page around", async (t) => {
  const address = t.host.page(
    `<!doctype html><meta charset="utf-8"><title>host</title>
     <iframe title="explainer" src="${t.base}embed.html?v=1&id=one" width="700" height="400"></iframe>
     <script>addEventListener("message", (m) => (window.heard ??= []).push(m.data))</script>`,
    { csp: `default-src 'none'; script-src 'unsafe-inline'; frame-src ${t.site.origin}` },
  );
  const page = await t.open(address, { wait: false });
  await t.ready(page.frameLocator("iframe"));
  await page.waitForFunction(() => window.heard?.some(({ type, id, height }) => type === "kae:height" && id === "one" && height > 0));
  // The state goes to a page that has spoken, as an answer.
  assert.equal(await page.evaluate(() => window.heard.filter(({ type }) => type === "kae:state" || type === "kae:pong").length), 0);
  await page.evaluate(() => {
    frames[0].postMessage({ type: "kae:nonsense" }, "*");
    frames[0].postMessage("hello", "*");
    frames[0].postMessage(null, "*");
    frames[0].postMessage({ type: "kae:ping" }, "*");
  });
  await page.waitForFunction(() => window.heard.some(({ type, state }) => type === "kae:pong" && typeof state === "string"));
});

const ELEMENTS = (base) => `<!doctype html><meta charset="utf-8"><title>host</title>
  <script type="module" src="${base}kae.js"></script>
  <h1>Host</h1><keep-alive-explainer id="a"><p>fallback</p></keep-alive-explainer>
  <div style="height:4000px"></div><keep-alive-explainer id="b"><p>fallback</p></keep-alive-explainer>`;

test("an element loads when it is near, keeps the fallback until then, and leaves the host alone", async (t) => {
  const csp = `default-src 'none'; script-src ${t.site.origin} 'wasm-unsafe-eval'; connect-src ${t.site.origin}; style-src-attr 'unsafe-inline'`;
  const page = await t.open(t.host.page(ELEMENTS(t.base), { csp }), { wait: false });
  await t.ready(page.locator("#a"));
  assert.equal(await page.locator("#b [data-ready]").count(), 0);
  assert.ok(await page.locator("#b p").isVisible());
  assert.ok(!(await page.locator("#a > p").isVisible()), "the fallback gives way");
  const before = await page.evaluate(() => document.querySelector("#b").getBoundingClientRect().height);
  assert.ok(before >= 400, `room is kept: ${before}`);
  await page.locator("#b").scrollIntoViewIfNeeded();
  await t.ready(page.locator("#b"));
  assert.equal(page.requests.filter((url) => url.endsWith(".wasm")).length, 1, "one module for both");
});

test("an element far from the screen fetches nothing but the shim", async (t) => {
  const body = ELEMENTS(t.base).replace(/<keep-alive-explainer id="a">.*?<\/keep-alive-explainer>/, "");
  const page = await t.open(t.host.page(body), { wait: false });
  await page.waitForLoadState("networkidle");
  assert.deepEqual(page.requests.filter((url) => url.startsWith(t.base)), [`${t.base}kae.js`]);
});

test("a moved element keeps its state, a removed one lets go, events tell", async (t) => {
  const page = await t.open(t.host.page(ELEMENTS(t.base)), { wait: false });
  await t.ready(page.locator("#a"));
  const seen = await page.evaluate(async () => {
    const a = document.querySelector("#a");
    const first = a.shadowRoot.querySelector("[data-ready]");
    document.querySelector("h1").before(a);
    await new Promise((f) => setTimeout(f));
    const moved = a.shadowRoot.querySelector("[data-ready]") === first;
    a.remove();
    await new Promise((f) => setTimeout(f));
    const gone = !a.shadowRoot.querySelector("[data-ready]");
    const again = new Promise((f) => a.addEventListener("kae-ready", () => f(true)));
    document.body.prepend(a);
    return { moved, gone, again: await again };
  });
  assert.deepEqual(seen, { moved: true, gone: true, again: true });
});

test("mount puts several explainers into any elements", async (t) => {
  const body = `<!doctype html><meta charset="utf-8"><title>host</title><h1>Host</h1><section></section><section></section>`;
  const page = await t.open(t.host.page(body), { wait: false });
  const seen = await page.evaluate(async (base) => {
    const { mount } = await import(`${base}kae.js`);
    const handles = await Promise.all([...document.querySelectorAll("section")].map((section) => mount(section, { theme: "dark" })));
    const mounted = document.querySelectorAll("section > keep-alive-explainer").length;
    handles[0].unmount();
    return { mounted, left: document.querySelectorAll("keep-alive-explainer").length, state: typeof handles[1].state() };
  }, t.base);
  assert.deepEqual(seen, { mounted: 2, left: 1, state: "string" });
});
