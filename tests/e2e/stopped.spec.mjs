// When the module cannot be had, or stops, a message stands in its place: never a blank page.
import assert from "node:assert/strict";
import { test } from "./lib.mjs";
import { forgive } from "./page.mjs";

test("a module that cannot be loaded leaves a message with a way back", async (t) => {
  const page = await t.open("about:blank", { wait: false });
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(`${t.base}#v=1&scenario=ten-images`);
  const message = page.locator(".kae-stopped");
  await message.waitFor();
  assert.equal(await message.getAttribute("role"), "alert");
  assert.match(await message.textContent(), /could not be loaded/);
  assert.match(await message.locator("a").first().getAttribute("href"), /index\.html\?again=\w+#v=1&scenario=ten-images$/);
  await forgive(page);
});

/** Glue that stands in for the real one and stops when it is told to. */
const GLUE = `
  let stop;
  export default async function () {}
  export const set_panic_handler = (handler) => { stop = handler; };
  export function mount(root, options) {
    root.innerHTML = "<p data-ready>running</p>";
    options.onstate("v=1&scenario=ten-images&t=1.5s");
    options.onready?.();
    globalThis.stop = () => stop("panicked at src/somewhere.rs: <b>oh</b>");
    return { update() {}, unmount() {}, state: () => "" };
  }`;

test("a module that stops leaves a message with a link to the present state", async (t) => {
  const page = await t.open("about:blank", { wait: false });
  await page.route("**/page.js", (route) => route.fulfill({ contentType: "text/javascript", body: GLUE }));
  await page.goto(t.base);
  await t.ready(page);
  await page.evaluate(() => globalThis.stop());
  const message = page.locator(".kae-stopped");
  assert.match(await message.locator("a").first().getAttribute("href"), /#v=1&scenario=ten-images&t=1\.5s$/);
  assert.match(await message.locator("pre").textContent(), /src\/somewhere\.rs: <b>oh<\/b>$/);
  assert.equal(await page.getByText("running").count(), 0);
  // The link opens a page that works.
  await page.unroute("**/page.js");
  await message.locator("a").first().click();
  await t.ready(page);
});

test("an element whose module stops shows what the host page put there", async (t) => {
  const body = `<!doctype html><meta charset="utf-8"><title>host</title><script type="module" src="${t.base}kae.js"></script>
    <keep-alive-explainer scenario="ten-images"><p>fallback</p></keep-alive-explainer>`;
  const page = await t.open("about:blank", { wait: false });
  await page.route("**/page.js", (route) =>
    route.fulfill({ contentType: "text/javascript", headers: { "access-control-allow-origin": "*" }, body: GLUE }));
  await page.goto(t.host.page(body));
  await t.ready(page);
  assert.ok(!(await page.getByText("fallback").isVisible()));
  await page.evaluate(() => globalThis.stop());
  assert.ok(await page.getByText("fallback").isVisible());
  assert.ok(await page.locator(".kae-stopped").isVisible());
});
