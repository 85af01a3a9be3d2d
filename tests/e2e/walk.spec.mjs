// With the keyboard alone: from the top of the page through everything that it is for. At every stop the
// focus is seen, and it is never lost.
import assert from "node:assert/strict";
import { test } from "./lib.mjs";
import { PHONE, changes, clock, dismiss, inAddress, installEyes, instant, rows, says, sent, server, settled, slider, verdict } from "./page.mjs";

/** One key; then the focus must be somewhere, and seen. */
async function press(page, key, where = "") {
  await page.keyboard.press(key);
  await settled(page);
  const wrong = await page.evaluate(() => eyes.focus());
  assert.equal(wrong, "", `after ${key} ${where}`);
}

/** Tabs on until what has the focus is the one that is meant. */
async function tabTo(page, locator, key = "Tab") {
  const target = await locator.elementHandle();
  for (let stop = 0; stop < 150; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await press(page, key);
  }
  assert.fail(`no way by ${key} to ${locator}`);
}

test("compose, set, play, step and read why, with the keyboard alone", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  await installEyes(page);
  await press(page, "Tab");
  assert.match(await page.evaluate(() => eyes.name(eyes.focused())), /Skip to the event table/);

  // Play and pause.
  const play = page.getByRole("button", { name: "Play", exact: true });
  await tabTo(page, page.getByRole("button", { name: "To the start" }));
  await press(page, "Enter");
  await tabTo(page, play);
  const start = await clock(page).textContent();
  await press(page, "Enter");
  await changes(clock(page), start);
  const pause = page.getByRole("button", { name: "Pause", exact: true });
  assert.ok(await pause.evaluate((element) => element === document.activeElement), "the same button pauses");
  await press(page, "Enter");
  await play.waitFor();
  await settled(page);

  // Compose: the server's answer decides anew.
  const close = page.locator(".reqp").getByRole("button", { name: "Connection: close", exact: true }).first();
  const before = { verdict: await verdict(page).textContent(), rows: await rows(page).allTextContents() };
  await tabTo(page, close);
  await press(page, "Space");
  assert.notEqual(await changes(verdict(page), before.verdict), before.verdict);
  assert.match(await verdict(page).textContent(), /close/);
  assert.match(await sent(page).textContent(), /Connection: close/);
  assert.notDeepEqual(await rows(page).allTextContents(), before.rows);
  assert.match((await rows(page).allTextContents()).join("\n"), /Closes\..*says close/i);
  await inAddress(page, "Connection:close");

  // A field by its text: the second value of the request.
  const target = page.locator(".reqp").getByRole("textbox", { name: "Target" });
  await tabTo(page, target, "Shift+Tab");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("/typed");
  await says(sent(page), /^GET \/typed HTTP\/1\.1/);
  await settled(page);

  // A setting of the server, by its slider.
  const knob = server(page).getByRole("slider").first();
  await tabTo(page, knob);
  const value = await knob.getAttribute("aria-valuetext");
  await press(page, "ArrowRight");
  assert.notEqual(await knob.getAttribute("aria-valuetext"), value);
  await inAddress(page, `=${(await knob.getAttribute("aria-valuetext")).replace(/\s.*/, "")}`);

  // Events one by one, from the playhead; then why.
  await tabTo(page, slider(page), "Shift+Tab");
  await press(page, "Home");
  const selected = page.locator('tbody tr[aria-selected="true"]');
  const seen = new Set();
  for (let step = 0; step < 7; step += 1) {
    await press(page, "ArrowRight", `${step}, from ${[...seen].at(-1)}`);
    seen.add(await page.evaluate(() => eyes.name(eyes.focused())));
  }
  assert.ok(seen.size >= 4, `marks on the way: ${[...seen].join(", ")}`);
  const at = await instant(page);
  await press(page, "ArrowLeft");
  const back = await instant(page);
  assert.ok(back <= at, `back from ${at} to ${back}`);
  const onAnswer = async () => (await selected.count()) && /^[\d.]+C2.*answer 2/.test(await selected.textContent());
  for (let step = 0; step < 30 && !(await onAnswer()); step += 1) await press(page, "ArrowRight");
  assert.ok(await onAnswer(), "the decision is selected in the table too");
  await press(page, "Enter");
  assert.match(await page.evaluate(() => document.activeElement.id), /-why$/);
  assert.ok((await page.locator(".whyp .path li").count()) > 2);

  // And away: a scenario from the picker.
  await tabTo(page, page.locator(".crumb .now"), "Shift+Tab");
  await press(page, "Enter");
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  const now = await verdict(page).textContent();
  await tabTo(page, dialog.locator(".picks a").last());
  await page.keyboard.press("Enter");
  await changes(verdict(page), now);
  await dialog.waitFor({ state: "detached" });
  await settled(page);
  assert.equal(await page.evaluate(() => eyes.focus()), "");
});

for (const [name, size] of [["a wide screen", {}], ["a phone", PHONE]]) {
  test(`every stop of the Tab key is seen, on ${name}`, async (t) => {
    const page = await t.open("", size);
    await installEyes(page);
    const wrong = [];
    const stops = [];
    for (let stop = 0; stop < 250; stop += 1) {
      await page.keyboard.press("Tab");
      // The words at a mark that was left stay a moment, so that a pointer could reach them.
      await page.waitForFunction(() => !document.querySelector(".tip") || document.activeElement.closest(".mk, .tip"));
      await settled(page);
      const [end, seen] = await page.evaluate(() => {
        const at = document.activeElement;
        return [!at || at === document.body, at && at !== document.body ? [eyes.name(at), eyes.focus(), eyes.covered()] : undefined];
      });
      if (end) break;
      const [what, ...problems] = seen;
      stops.push(what);
      wrong.push(...problems.filter(Boolean));
    }
    assert.ok(stops.length >= 60 && stops.length < 250, `stops: ${stops.length}`);
    assert.deepEqual(wrong, []);
  });
}

const of = (page, name) => page.getByRole("button", { name, exact: true }).first();

/** Buttons that take away or disable what they stand on. */
const VANISHING = [
  ["Remove this field", "#v=1&scenario=http11-default", (page) => of(page, "Remove this field")],
  ["Remove", "#v=1&scenario=http11-default", (page) => of(page, "Remove")],
  ["Remove the last", "#v=1&scenario=none&exchanges=1", (page) => of(page, "Remove")],
  ["Undo", "#v=1&scenario=http11-default", (page) => of(page, "Undo"), (page) => of(page, "Duplicate").click()],
  ["Move up", "#v=1&scenario=http11-default", (page) => page.locator(".reqp > .chips").getByRole("button", { name: "Move up" }), (page) => page.locator(".reqs button").nth(1).click()],
  ["Back to the scenario", "#v=1&scenario=http11-default", (page) => of(page, "Back to the scenario as it was"), (page) => of(page, "Duplicate").click()],
  ["Back to the default", "#v=1&scenario=http11-default&server=apache-httpd@2.4&server.KeepAliveTimeout=9", (page) => of(page, "Back to the default"), (page) => page.locator(".srvp .set", { hasText: "KeepAliveTimeout" }).first().locator("summary").click()],
  ["Back to the headline", "#v=1&scenario=http11-default", (page) => of(page, "Back to what the headline is about"), (page) => page.locator("tbody tr").first().click()],
  ["Dismiss", "#v=99", (page) => of(page, "Dismiss")],
  ["Fit", "", (page) => of(page, "Fit"), (page) => of(page, "Zoom in").click()],
  ["a suggestion", "#v=1&scenario=http11-default", (page) => page.locator(".whatif button:enabled").first()],
  ["a card at the end", "", (page) => page.locator(".more .card").last()],
  ["Show more", "#v=1&scenario=none&exchanges=80", (page) => page.getByRole("button", { name: /^Show more/ })],
  ["Compare off", "", (page) => of(page, "Compare two runs")],
];

test("what takes itself away does not take the focus with it", async (t) => {
  const page = await t.open();
  const lost = [];
  for (const [what, link, find, before] of VANISHING) {
    await page.goto("about:blank");
    await page.goto(t.base + link);
    await t.ready(page);
    await installEyes(page);
    await before?.(page);
    await settled(page);
    const button = find(page);
    await button.focus();
    await page.keyboard.press("Enter");
    await settled(page);
    // The browser lets go of a disabled element with the next key at the latest.
    const at = await page.evaluate(() => (document.activeElement?.matches(":disabled") ? "the focus is on what is disabled" : document.activeElement === document.body ? "the focus is lost" : ""));
    if (at) lost.push(`${what}: ${at}`);
  }
  assert.deepEqual(lost, []);
});

test("a sheet keeps the focus inside and gives it back", async (t) => {
  const page = await t.open();
  await installEyes(page);
  for (const name of ["Share", "Help and keys"]) {
    const opener = page.getByRole("button", { name, exact: true });
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    await settled(page);
    for (let stop = 0; stop < 12; stop += 1) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(() => document.activeElement === document.body || document.querySelector("dialog").contains(document.activeElement));
      assert.ok(inside, `${name}: ${await page.evaluate(() => eyes.name(document.activeElement))}`);
    }
    await dismiss(page);
    assert.ok(await opener.evaluate((element) => element === document.activeElement), `${name} has the focus again`);
  }
});

test("the keys of the help do what it says, and rest when they are switched off", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default&server=apache-httpd@2.4");
  await page.locator(".kae[data-ready]").focus();
  const compare = page.getByRole("button", { name: "Compare two runs" });
  await page.keyboard.press("d");
  await page.waitForFunction(() => document.querySelectorAll('.fig .plot-area > g[role="group"]').length === 2);
  await page.keyboard.press("u");
  await page.waitForFunction(() => document.querySelectorAll('.fig .plot-area > g[role="group"]').length === 1);
  const before = await verdict(page).textContent();
  await page.keyboard.press("f");
  await changes(verdict(page), before);
  await page.keyboard.press("r");
  await page.waitForFunction((text) => document.querySelector(".kae[data-ready] .verdict").textContent === text, before);
  await page.keyboard.press("t");
  await page.waitForFunction(() => /-events$/.test(document.activeElement.id));
  await page.keyboard.press("c");
  await page.waitForFunction(() => /-requests$/.test(document.activeElement.id));
  await page.keyboard.press("n");
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.locator(".kae[data-ready]").focus();
  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Keys are on" }).click();
  await page.getByRole("button", { name: "Keys are off" }).waitFor();
  await dismiss(page);
  await page.locator(".kae[data-ready]").focus();
  await page.keyboard.press("d");
  await settled(page);
  assert.equal(await compare.getAttribute("aria-pressed"), "false");
  // And a letter in a field is a letter.
  const target = page.getByRole("textbox", { name: "Target" });
  await target.fill("");
  await target.press("d");
  await settled(page);
  assert.equal(await target.inputValue(), "d");
});

test("a proxy, a load and a fault, with the keyboard alone", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  await installEyes(page);
  const panel = server(page);
  const summary = panel.locator("summary", { hasText: "More: proxy" });
  const product = panel.getByRole("combobox", { name: "Proxy product" });
  assert.ok(!(await product.isVisible()), "folded up as long as the scenario uses none of it");
  await panel.getByRole("combobox", { name: "Client product" }).focus();
  await tabTo(page, summary);
  await press(page, "Enter");
  await tabTo(page, product);
  await press(page, "ArrowDown");
  await inAddress(page, "proxy=");
  assert.ok(await product.evaluate((element) => element === document.activeElement), "the choice keeps the focus");
  await says(page.locator("svg.fig"), /U1/);
  assert.match((await rows(page).allTextContents()).join("\n"), /proxy/i);

  const load = panel.getByRole("group", { name: "The requests come" });
  const every = load.getByRole("button", { name: "every" });
  await tabTo(page, every);
  await press(page, "Space");
  await inAddress(page, "load=every:100ms");
  assert.ok(await every.evaluate((element) => element === document.activeElement), "a form keeps the focus");
  const gap = panel.getByRole("textbox", { name: "The requests come" });
  await tabTo(page, gap);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("soon");
  await says(panel.locator('p.bad[role="alert"]'), /a time is wanted/);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("50ms");
  await inAddress(page, "load=every:50ms");
  await says(page.locator("p.waits"), /p95 .*Little's law/);

  await tabTo(page, panel.getByRole("group", { name: "What goes wrong" }).getByRole("button", { name: "crash" }));
  await press(page, "Space");
  await inAddress(page, "faults=restart:5s,abrupt");

  // Taken away again, it stays open where the focus is.
  await tabTo(page, product, "Shift+Tab");
  await press(page, "ArrowUp");
  await page.waitForFunction(() => !location.hash.includes("proxy="));
  assert.ok(await product.evaluate((element) => element === document.activeElement));
});

test("meters below the lanes tell the value at the playhead", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default&clients=3&exchanges=6");
  const figure = page.locator("svg.fig");
  const toggle = page.getByRole("button", { name: "Meters", exact: true });
  assert.doesNotMatch(await figure.textContent(), /peak/);
  await toggle.click();
  await says(figure, /open.*peak 3/);
  assert.equal(await figure.locator(".meter").count() > 1, true);
  await page.getByRole("button", { name: "To the start" }).click();
  const values = () => figure.locator(".left").allTextContents();
  const first = await values();
  await page.getByRole("button", { name: "To the end" }).click();
  await settled(page);
  assert.notDeepEqual(await values(), first);
  await toggle.click();
  await says(figure, /^(?!.*peak)/);
});
