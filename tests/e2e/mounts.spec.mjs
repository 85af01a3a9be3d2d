// Several explainers on one page, and the one in a frame.
import assert from "node:assert/strict";
import { test } from "./lib.mjs";
import { becomes, settled, slider, verdict } from "./page.mjs";

const HOST = (base) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title><style>h1{color:#123456}</style>
  <main><h1>Host</h1><section id="one"></section><section id="two"></section>
  <keep-alive-explainer id="three" scenario="post-extra-crlf"></keep-alive-explainer></main>
  <script type="module">
    import { mount } from "${base}kae.js";
    window.told = [];
    window.handles = await Promise.all(["one", "two"].map((id, index) => mount(document.getElementById(id), {
      scenario: ["http11-default", "http10-negotiation"][index],
      onstate: (link) => told.push([id, link]),
    })));
    await document.getElementById("three").open();
  </script>`;

test("two mounts and an element on one page do not know of each other", async (t) => {
  const page = await t.open(t.host.page(HOST(t.base)), { wait: false });
  const places = ["#one", "#two", "#three"].map((id) => page.locator(id));
  for (const place of places) await t.ready(place);
  const verdicts = async () => Promise.all(places.map((place) => verdict(place).textContent()));
  const before = await verdicts();
  assert.equal(new Set(before).size, 3, `three different verdicts: ${before}`);

  const instants = async () => Promise.all(places.map((place) => slider(place).getAttribute("aria-valuenow")));
  const times = await instants();
  await slider(places[0]).focus();
  await page.keyboard.press("Home");
  await page.waitForFunction(() => told.some(([id, link]) => id === "one" && link.includes("t=")));
  await settled(page);
  const later = await instants();
  assert.notEqual(later[0], times[0]);
  assert.deepEqual(later.slice(1), times.slice(1), "the others stand");
  assert.ok((await page.evaluate(() => told)).every(([id]) => id === "one"), "and say nothing");

  // An attribute changes one, and only one.
  await page.evaluate(() => document.getElementById("three").setAttribute("scenario", "java-4k-buffer"));
  await page.waitForFunction((old) => document.getElementById("three").shadowRoot.querySelector(".verdict").textContent !== old, before[2]);
  await settled(page);
  assert.deepEqual((await verdicts()).slice(0, 2), before.slice(0, 2));

  // Ids and patterns differ, or one picture would take the other's.
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll("keep-alive-explainer")].map(({ shadowRoot }) => [...shadowRoot.querySelectorAll("[id]")].map(({ id }) => id)));
  for (const list of ids) assert.equal(new Set(list).size, list.length);
  assert.equal(new Set(ids.flat()).size, ids.flat().length, "no id twice");

  // The host is as it was, the address too.
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("h1")).color), "rgb(18, 52, 86)");
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).margin), "8px");
  assert.equal(new URL(page.url()).hash, "");

  // Gone is gone; the rest goes on.
  await page.evaluate(() => handles[0].unmount());
  assert.equal(await places[0].evaluate((place) => place.childElementCount), 0);
  await slider(places[1]).focus();
  await page.keyboard.press("Home");
  await page.waitForFunction(() => told.some(([id]) => id === "two"));
  await becomes(() => slider(places[1]).getAttribute("aria-valuenow"), "0");
  await t.axe(page);
});

const FRAME = (base) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title>
  <main><h1>Host</h1><iframe title="explainer" src="${base}embed.html?v=1&scenario=http11-default&id=me&theme=light" width="700" height="600"></iframe></main>
  <script>
    window.heard = [];
    addEventListener("message", ({ data }) => heard.push(data));
    window.say = (data) => frames[0].postMessage(data, "*");
  </script>`;

test("the frame hears of theme, instant and state, and says its height and what became of it", async (t) => {
  const page = await t.open(t.host.page(FRAME(t.base)), { wait: false, theme: "light" });
  const frame = page.frameLocator("iframe");
  await t.ready(frame);
  const height = await page.waitForFunction(() => heard.findLast(({ type }) => type === "kae:height")?.height);
  // The suggestions come a little later and may change it: what was said last is what is true.
  const real = () => frame.locator("body").evaluate((body) => Math.ceil(body.getBoundingClientRect().height));
  const said = () => page.evaluate(() => heard.findLast(({ type }) => type === "kae:height").height);
  await becomes(async () => (await said()) - (await real()), 0, "the height that was said last is the real one");
  assert.ok((await height.jsonValue()) > 0);

  const ground = () => frame.locator("html").evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.evaluate(() => say({ type: "kae:theme", theme: "dark" }));
  await frame.locator('.kae[data-theme="dark"][data-ready]').waitFor();
  await t.ready(frame);
  assert.notEqual(await ground(), light);
  await page.evaluate(() => say({ type: "kae:theme", theme: "<b>" }));

  // The instant: told back to whoever asked, and only then.
  const now = () => slider(frame).getAttribute("aria-valuenow");
  await page.evaluate(() => say({ type: "kae:seek", t: "250ms" }));
  await frame.locator('.head[aria-valuenow="250"]').waitFor();
  await page.waitForFunction(() => heard.some(({ type, id, state }) => type === "kae:state" && id === "me" && /t=250ms/.test(state)));

  // A state, then an instant in it.
  const before = await verdict(frame).textContent();
  await page.evaluate(() => say({ type: "kae:state", state: "v=1&scenario=http10-negotiation" }));
  await frame.locator(".verdict", { hasNotText: before }).waitFor();
  await t.ready(frame);
  const after = await verdict(frame).textContent();
  await page.evaluate(() => say({ type: "kae:seek", t: "130ms" }));
  await frame.locator('.head[aria-valuenow="130"]').waitFor();
  await t.ready(frame);
  assert.equal(await verdict(frame).textContent(), after, "still the state that was sent");
  await page.waitForFunction(() => heard.some(({ type, state, verdict }) => type === "kae:state" && /http10-negotiation.*t=130ms/.test(state) && verdict));

  // Nonsense changes nothing but may be complained about.
  for (const message of [{ type: "kae:seek", t: "never" }, { type: "kae:seek" }, { type: "kae:state", state: { a: 1 } }, { type: "kae:state", state: "%".repeat(1_000) }]) {
    await page.evaluate((data) => say(data), message);
  }
  await page.evaluate(() => ((heard.length = 0), say({ type: "kae:ping" })));
  await page.waitForFunction(() => heard.some(({ type }) => type === "kae:pong"));
  await t.ready(frame);
  assert.match(await verdict(frame).textContent(), /\w/);
  assert.ok(Number.isFinite(Number(await now())));
  assert.equal(await frame.locator(".kae-stopped").count(), 0);
  await t.axe(page);
});

test("the frame and the element fit where they are put, on a phone too", async (t) => {
  for (const width of [320, 700]) {
    const page = await t.open(`embed.html?v=1&scenario=page-ten-images`, { width, height: 700, touch: width < 700 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} px in ${width}`);
    const open = page.getByRole("link", { name: "Open" });
    assert.match(await open.getAttribute("href"), /index\.html#v=1&scenario=page-ten-images/);
    await t.axe(page, "#app");
  }
});
