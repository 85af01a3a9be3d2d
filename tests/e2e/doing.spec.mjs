// What one can do with the picture and the buttons around it.
import assert from "node:assert/strict";
import { test } from "./lib.mjs";
import { becomes, changes, clock, dismiss, inAddress, instant, requests, rows, says, settled, slider, until, verdict } from "./page.mjs";

const button = (scope, name) => scope.getByRole("button", { name, exact: true });

test("a request sent now leaves the past as it was", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  // Into the middle, by the keyboard: exact and without pixels.
  await slider(page).focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < 8; step += 1) await page.keyboard.press("ArrowRight");
  const now = await instant(page);
  assert.ok(now > 0);
  await button(page, "Show all").click();
  await button(page, "Decisions only").waitFor();
  await settled(page);
  const times = async () => (await rows(page).allTextContents()).filter((row) => parseFloat(row) < now);
  const past = await times();
  const count = await requests(page).locator(".reqs li").count();
  assert.ok(past.length >= 3, `events before ${now}: ${past.length}`);
  await button(page, "Send now").click();
  await page.waitForFunction((before) => document.querySelectorAll(".reqs li").length === before + 1, count);
  await settled(page);
  assert.deepEqual(await times(), past);
  await button(page, "Pause").click();
  const last = requests(page).locator(".reqs li").last();
  await says(last, new RegExp(`${String(now).replace(".", "\\.")}|${Math.round(now * 1000)}`));
});

test("while it plays, a request is sent at the instant that is seen", async (t) => {
  const page = await t.open("#v=1&scenario=idle-too-late");
  await button(page, "To the start").click();
  assert.equal(await instant(page), 0);
  await button(page, "Play").click();
  const time = async () => parseFloat(await clock(page).textContent());
  const seen = await until(time, (now) => assert.ok(now > 0.3, `${now}`));
  const list = requests(page).locator(".reqs li");
  const count = await list.count();
  await button(page, "Send now").click();
  await page.waitForFunction((before) => document.querySelectorAll(".reqs li").length === before + 1, count);
  await button(page, "Pause").click();
  await settled(page);
  // Not at the one where it began to play.
  const link = await page.evaluate(() => location.hash);
  const [, number, unit] = link.match(/&x4\.at=([\d.]+)(ms|s)/);
  const sent = Number(number) / (unit === "ms" ? 1000 : 1);
  // The clock shows whole milliseconds.
  assert.ok(sent > seen - 0.001 && sent < (await instant(page)) + 0.001, `seen ${seen}, sent ${sent}: ${link}`);
});

test("comparison on and off, and which run is edited", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const compare = button(page, "Compare two runs");
  assert.equal(await compare.getAttribute("aria-pressed"), "false");
  const lanes = page.locator('.fig .plot-area > g[role="group"]');
  assert.equal(await lanes.count(), 1);
  await compare.click();
  await page.getByRole("group", { name: "Which run is edited" }).waitFor();
  await becomes(() => lanes.count(), 2);
  await becomes(() => compare.getAttribute("aria-pressed"), "true");
  const same = await verdict(page).textContent();
  await requests(page).getByRole("button", { name: "Connection: close", exact: true }).first().click();
  await changes(verdict(page), same);
  await inAddress(page, "Connection:close");
  await compare.click();
  await page.getByRole("group", { name: "Which run is edited" }).waitFor({ state: "detached" });
  await becomes(() => lanes.count(), 1);
  await button(page, "Undo").click();
  await page.getByRole("group", { name: "Which run is edited" }).waitFor();
});

test("events are stepped through, forth and back, and each is shown in the table", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  await button(page, "Show all").click();
  await button(page, "Decisions only").waitFor();
  await button(page, "To the start").click();
  assert.equal(await instant(page), 0);
  const selected = page.locator('tbody tr[aria-selected="true"]');
  const seen = [];
  for (let step = 0; step < 6; step += 1) {
    const at = (await selected.count()) ? await selected.textContent() : "";
    await button(page, "Next event").click();
    await page.waitForFunction((before) => document.querySelector('tbody tr[aria-selected="true"]')?.textContent !== before, at);
    await settled(page);
    seen.push(await selected.textContent());
    assert.equal(parseFloat(seen.at(-1)), await instant(page), "clock and row agree");
  }
  assert.equal(new Set(seen).size, 6, "six different events");
  const times = seen.map(parseFloat);
  assert.deepEqual(times, [...times].sort((a, b) => a - b), "in the order of time");
  await button(page, "Previous event").click();
  await page.waitForFunction((row) => document.querySelector('tbody tr[aria-selected="true"]').textContent === row, seen[4]);
  await button(page, "To the end").click();
  const now = await instant(page);
  const [, end] = (await page.locator(".clock").textContent()).match(/of ([\d.]+)/);
  assert.equal(now.toFixed(1), parseFloat(end).toFixed(1));
});

test("zoom shows less of the time, Fit all of it again", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const ticks = page.locator(".fig .tick");
  const whole = await ticks.allTextContents();
  const fit = button(page, "Fit");
  assert.ok(await fit.isDisabled());
  await button(page, "Zoom in").click();
  await button(page, "Zoom in").click();
  await page.waitForFunction((before) => [...document.querySelectorAll(".fig .tick")].map((tick) => tick.textContent).join() !== before, whole.join());
  await settled(page);
  assert.ok(await fit.isEnabled());
  await fit.click();
  await page.waitForFunction((before) => [...document.querySelectorAll(".fig .tick")].map((tick) => tick.textContent).join() === before, whole.join());
  await settled(page);
  assert.ok(await fit.isDisabled());
});

test("a mark tells what it is under the pointer, until Esc", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const tip = page.getByRole("tooltip");
  /** The figure finds out itself what lies under the pointer, so the mouse only goes there. */
  const hover = async (mark) => {
    const { x, y, width, height } = await page.locator(`.fig ${mark} > :first-child`).first().boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
    // On its way it may cross other marks.
    await settled(page);
  };
  for (const [mark, words] of [[".mk-tcp", /TCP handshake/], [".mk-answer", /200/]]) {
    await hover(mark);
    await tip.waitFor();
    await says(tip, words);
    await page.keyboard.press("Escape");
    await tip.waitFor({ state: "detached" });
  }
  // It can be reached with the pointer, and leads to the details.
  await page.mouse.move(5, 5);
  await hover(".mk-answer");
  await tip.getByRole("button", { name: "Details" }).click();
  await page.waitForFunction(() => /-why$/.test(document.activeElement.id));
  await says(page.locator(".whyp h2"), /answer 1/);
  await becomes(() => page.locator('tbody tr[aria-selected="true"]').count(), 1);
});

test("Esc inside a tooltip gives the focus back to a mark, and the tooltip stays away", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  await page.locator('.fig .mk[tabindex="0"]').focus();
  await page.keyboard.press("ArrowRight");
  const details = page.locator(".tip").getByRole("button", { name: "Details" });
  await details.waitFor();
  await details.focus();
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement.matches(".fig .mk"));
  await settled(page);
  assert.equal(await page.locator(".tip").count(), 0);
});

test("the theme changes by a click, and the colours with it", async (t) => {
  const page = await t.open("", { theme: "light" });
  const ground = () => page.evaluate(() => getComputedStyle(document.querySelector(".kae[data-theme] .wrap, .kae .wrap")).color);
  const switches = page.locator('button[aria-label^="Theme"]');
  const system = await ground();
  assert.match(await switches.getAttribute("aria-label"), /system/);
  await switches.click();
  await page.locator('button[aria-label="Theme: light"]').waitFor();
  await settled(page);
  assert.equal(await ground(), system);
  await switches.click();
  await page.locator('button[aria-label="Theme: dark"]').waitFor();
  await settled(page);
  assert.notEqual(await ground(), system);
  const body = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await page.evaluate(() => getComputedStyle(document.querySelector(".stage")).backgroundColor);
  assert.equal(await body(), dark, "the whole page is dark, not only the explainer");
});

/** What was put on the clipboard: the page asks through the usual interface. */
const clipboard = (page) =>
  page.evaluate(() => {
    globalThis.copied = [];
    Object.defineProperty(navigator, "clipboard", { value: { writeText: (text) => (copied.push(text), Promise.resolve()) } });
  });

test("everything that can be taken along says what it should", async (t) => {
  const page = await t.open("#v=1&scenario=post-extra-crlf");
  await clipboard(page);
  await button(page, "Share").click();
  const dialog = page.getByRole("dialog", { name: "Share this moment" });
  const text = dialog.getByRole("textbox", { name: "Text to copy" });
  for (const [name, words] of [
    ["Link", /#v=1&scenario=post-extra-crlf&t=/],
    ["Element", /<keep-alive-explainer[^>]* /],
    ["Frame", /<iframe [^>]*embed\.html/],
    ["Markdown", /\[.*\]\(.*#v=1&scenario=post-extra-crlf/],
    ["JSON", /^\s*\{/],
  ]) {
    await button(dialog, name).click();
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector("dialog textarea").value), words.source);
    await button(dialog, "Copy").click();
    await button(dialog, "Copied").waitFor();
    assert.equal(await page.evaluate(() => copied.at(-1)), await text.inputValue());
    if (name === "JSON") assert.ok(JSON.parse(await text.inputValue()));
  }
  await dismiss(page);

  const before = await page.evaluate(() => copied.length);
  await button(page, "Copy as Markdown").click();
  await page.waitForFunction((count) => copied.length > count, before);
  const table = await page.evaluate(() => copied.at(-1));
  const lines = table.trim().split("\n");
  assert.match(lines[0], /^\| Time.*\|$/);
  assert.match(lines[1], /^[|\s:-]+$/);
  assert.equal(lines.length, 2 + (await rows(page).count()));
});

test("the picture can be saved, and stands alone", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  await button(page, "Share").click();
  const download = page.waitForEvent("download");
  await button(page, "Save the picture (SVG)").click();
  const stream = await (await download).createReadStream();
  let svg = "";
  for await (const part of stream) svg += part;
  assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(svg, /<style>/);
  assert.doesNotMatch(svg, /<script|onload/);
});

test("undo and redo go through every edit", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const list = requests(page).locator(".reqs li");
  const count = await list.count();
  await button(page, "Duplicate").click();
  await button(page, "+ request").click();
  await button(page, "×2").click();
  await page.waitForFunction((wanted) => document.querySelectorAll(".reqs button").length >= wanted, count + 1);
  await settled(page);
  const full = await requests(page).locator(".reqs").textContent();
  for (let step = 0; step < 3; step += 1) await button(page, "Undo").click();
  await settled(page);
  assert.equal(await list.count(), count);
  assert.ok(await button(page, "Undo").isDisabled());
  for (let step = 0; step < 3; step += 1) await button(page, "Redo").click();
  await settled(page);
  assert.equal(await requests(page).locator(".reqs").textContent(), full);
});

const THOUSAND = "#v=1&scenario=none&server=apache-httpd@2.4&exchanges=1000&x.content=4800";

/** Drags the playhead through the picture; answers how many nodes were made on the way. */
async function dragTime(page) {
  await page.evaluate(() => {
    globalThis.made = { picture: 0, page: 0, moves: 0 };
    globalThis.marks = [...document.querySelectorAll(".fig .mk")];
    const inside = (node) => node.closest?.(".plot") ?? node.parentElement?.closest(".plot");
    new MutationObserver((list) => {
      for (const { type, target, addedNodes } of list) {
        if (target.closest?.(".head")) made.moves += 1;
        if (type !== "childList") continue;
        const count = [...addedNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE).length;
        if (inside(target)) made.picture += count;
        else made.page += count;
      }
    }).observe(document.querySelector(".kae[data-ready]"), { subtree: true, childList: true, attributes: true });
  });
  const figure = await page.locator(".fig").boundingBox();
  const head = await slider(page).locator(".k-head-f, text").first().boundingBox();
  const y = head.y + head.height / 2;
  const before = await clock(page).textContent();
  await page.mouse.move(head.x + head.width / 2, y);
  await page.mouse.down();
  // Not beyond the end: there the picture grows.
  for (let step = 1; step <= 20; step += 1) await page.mouse.move(figure.x + figure.width * (0.2 + step / 40), y);
  await page.mouse.up();
  await settled(page);
  assert.notEqual(await clock(page).textContent(), before);
  const made = await page.evaluate(() => globalThis.made);
  assert.ok(made.moves >= 10, `the playhead moved: ${made.moves}`);
  assert.equal(made.picture, 0, "no node of the picture was made");
  assert.ok(made.page <= 200, `nodes made elsewhere: ${made.page}`);
}

test("a thousand exchanges are drawn with few nodes, and moving time makes none", async (t) => {
  const page = await t.open(THOUSAND);
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.match(await page.locator(".reqs").textContent(), /1000|2\s*–\s*1/);
  const nodes = () => page.locator(".stage .plot").evaluate((plot) => plot.querySelectorAll("*").length);
  assert.ok((await nodes()) <= 800, `nodes in the picture: ${await nodes()}`);
  const all = await page.evaluate(() => document.querySelectorAll("*").length);
  assert.ok(all <= 4_000, `nodes on the page: ${all}`);
  await dragTime(page);
  assert.ok((await nodes()) <= 800, `nodes in the picture: ${await nodes()}`);
});

test("moving time leaves every mark in its place", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  await dragTime(page);
  assert.ok(await page.evaluate(() => marks.length >= 10 && marks.every((mark) => mark.isConnected)));
});

test("it plays to the end and stops there", async (t) => {
  const page = await t.open("#v=1&scenario=http10-negotiation");
  await button(page, "To the start").click();
  const fastest = page.getByRole("group", { name: "Speed, as a ratio to real time" }).getByRole("button").last();
  await fastest.click();
  await becomes(() => fastest.getAttribute("aria-pressed"), "true");
  assert.equal(await instant(page), 0);
  // It may be over before a question from outside is answered.
  await page.evaluate(() => {
    globalThis.seen = { playing: false, moving: false };
    const player = document.querySelector(".player");
    new MutationObserver(() => {
      const playing = player.querySelector(".play").ariaLabel === "Pause";
      seen.playing ||= playing;
      seen.moving ||= playing && parseFloat(player.querySelector(".clock b").textContent) > 0;
    }).observe(player, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await button(page, "Play").click();
  await page.waitForFunction(() => seen.playing && seen.moving);
  await button(page, "Play").waitFor();
  await settled(page);
  const [now, end] = (await page.locator(".clock").textContent()).match(/[\d.]+/g).map(Number);
  assert.ok(Math.abs(now - end) <= 0.01 * end, `${now} of ${end}`);
});
