// Widths, themes, forced colours, reduced motion; and axe, which must find nothing in any of them.
import assert from "node:assert/strict";
import { still, test } from "./lib.mjs";
import { PHONE, TITLES, becomes, dismiss, follow, settled, slider } from "./page.mjs";

const SHOWN = ["page-ten-images", "http10-negotiation", "post-extra-crlf", "java-4k-buffer"];

/** What does not fit: wider than the window, or cut off by a box that does not scroll. */
const misfits = () => {
  const wrong = [];
  const name = (element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> ${(element.textContent ?? "").trim().slice(0, 40)}`;
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) wrong.push(`the page is ${wide} px wide in ${innerWidth}`);
  for (const element of document.querySelectorAll(".kae *")) {
    if (element.closest("svg, .vh, a.skip, option, datalist, dialog:not([open])") || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if (["IMG", "INPUT", "SELECT", "TEXTAREA"].includes(element.tagName)) continue;
    // Words with an ellipsis tell that there is more; what scrolls can be scrolled.
    const cuts = style.overflowX === "hidden" || style.overflowX === "clip";
    if (cuts && style.textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1) wrong.push(`cut off: ${name(element)}`);
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!own) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const rect = range.getBoundingClientRect();
    let scrolls = false;
    for (let box = element; box; box = box.parentElement) scrolls ||= ["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX);
    if (!scrolls && (rect.right > innerWidth + 1 || rect.left < -1)) wrong.push(`outside the window: ${name(element)}`);
  }
  // Text of the picture stays in the picture, and no two words lie on each other.
  const figure = document.querySelector("svg.fig").getBoundingClientRect();
  const words = [...document.querySelectorAll("svg.fig text")]
    .filter((text) => text.textContent && getComputedStyle(text).opacity !== "0" && text.closest("[visibility=hidden]") === null)
    .map((text) => [text, text.getBoundingClientRect()])
    .filter(([, rect]) => rect.width > 0);
  for (const [text, rect] of words) {
    if (rect.left < figure.left - 1 || rect.right > figure.right + 1 || rect.top < figure.top - 1 || rect.bottom > figure.bottom + 1)
      wrong.push(`outside the picture: ${text.textContent}`);
  }
  return wrong;
};

/** Things for fingers that are smaller than 44 px, links in running text aside. */
const tooSmall = () => {
  const name = (element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} ${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}`;
  const found = [];
  for (const element of document.querySelectorAll(".kae button, .kae select, .kae input, .kae summary, .kae a[href], .kae textarea")) {
    if (!element.checkVisibility() || element.closest("dialog:not([open])") || element.matches("a.skip")) continue;
    // A label around a field is part of it.
    const target = element.closest("label") ?? element;
    const { height, width } = target.getBoundingClientRect();
    if (element.matches("a") && getComputedStyle(element).display.startsWith("inline")) continue;
    // The rows of the table are targets as a whole.
    if (element.closest("tbody tr")?.getBoundingClientRect().height >= 44) continue;
    if (height < 43.5 || width < 24) found.push(`${Math.round(width)}×${Math.round(height)} ${name(element)}`);
  }
  return found;
};

for (const width of [320, 390, 768, 1280]) {
  test(`at ${width} px nothing is cut off and nothing scrolls sideways`, async (t) => {
    const phone = width < 700;
    const page = await t.open("", { width, height: phone ? 700 : 900, touch: phone });
    const wrong = [];
    for (const id of SHOWN) {
      await follow(page, `v=1&scenario=${id}`);
      await page.waitForFunction((wanted) => document.querySelector(".kae[data-ready] h1").textContent === wanted, TITLES.get(id));
      await still(page);
      for (const line of await page.evaluate(misfits)) wrong.push(`${id}: ${line}`);
      if (phone) for (const line of await page.evaluate(tooSmall)) wrong.push(`${id}: small target: ${line}`);
    }
    assert.deepEqual([...new Set(wrong.map((line) => line.replace(/^[\w-]+: (?=small|cut)/, "")))], []);
  });
}

test("on a phone the sheets fit, and their targets are large enough", async (t) => {
  const page = await t.open("", { ...PHONE, width: 320, height: 640 });
  const wrong = [];
  for (const open of [
    () => page.locator(".crumb .now").click(),
    () => page.getByRole("button", { name: "Share" }).click(),
    () => page.getByRole("button", { name: "Help and keys" }).click(),
    () => page.locator(".pocket").click(),
  ]) {
    await open();
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    await still(page);
    const title = await dialog.locator("h2").first().textContent();
    const box = await dialog.evaluate((it) => ({ wide: it.scrollWidth - it.clientWidth, left: it.getBoundingClientRect().left, right: it.getBoundingClientRect().right }));
    if (box.wide > 0 || box.left < 0 || box.right > 320) wrong.push(`${title}: ${JSON.stringify(box)}`);
    for (const line of await page.evaluate(tooSmall)) if (line) wrong.push(`${title}: ${line}`);
    await dismiss(page);
  }
  assert.deepEqual([...new Set(wrong.map((line) => line.replace(/^(Scenarios|Share this moment|Help|Why): (\d)/, "small target: $2")))], []);
});

for (const [theme, size] of [["light", {}], ["dark", {}], ["light", PHONE], ["dark", PHONE]]) {
  test(`axe finds nothing, ${theme}, ${size.width ?? 1280} px`, async (t) => {
    const page = await t.open("", { theme, ...size });
    for (const id of SHOWN) {
      await follow(page, `v=1&scenario=${id}`);
      await page.waitForFunction((wanted) => document.querySelector(".kae[data-ready] h1").textContent === wanted, TITLES.get(id));
      await t.axe(page);
    }
    for (const open of [
      () => page.locator(".crumb .now").click(),
      () => page.getByRole("button", { name: "Share" }).click(),
      () => page.getByRole("button", { name: "Help and keys" }).click(),
      ...(size.width ? [() => page.locator(".pocket").click()] : []),
    ]) {
      await open();
      await page.locator("dialog[open] h2").first().waitFor();
      await t.axe(page, "dialog[open]");
      await dismiss(page);
    }
    // A message at a field, and one on top.
    await page.getByRole("textbox", { name: "Round-trip time" }).fill("soon");
    await page.locator("p.bad").waitFor();
    await t.axe(page);
    await follow(page, "v=99&nonsense=1");
    await page.locator(".alert").waitFor();
    await t.axe(page);
  });
}

test("forced colours leave every mark, choice and focus to be seen", async (t) => {
  const page = await t.open("", { forcedColors: "active" });
  await still(page);
  const seen = await page.evaluate(() => {
    const chosen = [...document.querySelectorAll('.kae :is(.seg button, .chip, .toggle)[aria-pressed="true"]')];
    const marks = ["request", "answer", "tcp", "fin"].map((kind) => document.querySelector(`.fig .mk-${kind}`)).filter(Boolean);
    const ground = getComputedStyle(document.querySelector(".stage")).backgroundColor;
    const filled = marks.filter((mark) => [...mark.querySelectorAll("rect, path")].some((shape) => ![ground, "none"].includes(getComputedStyle(shape).fill)));
    const plain = chosen.filter((element) => getComputedStyle(element).backgroundColor === ground).map((element) => element.textContent);
    return { chosen: chosen.length, plain, marks: marks.length, filled: filled.length, text: getComputedStyle(document.querySelector(".fig text.lbl, .fig text")).fill, ground };
  });
  assert.ok(seen.chosen >= 5, `chosen: ${seen.chosen}`);
  assert.deepEqual(seen.plain, [], "what is chosen stands on another ground");
  assert.ok(seen.marks >= 3, `marks: ${seen.marks}`);
  assert.equal(seen.filled, seen.marks, "every mark is filled with something else than the ground");
  assert.notEqual(seen.text, seen.ground);
  await t.axe(page);
});

test("with reduced motion nothing moves by itself: it plays from event to event", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default", { reducedMotion: "reduce" });
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll(".kae *")].filter((element) => {
      const style = getComputedStyle(element);
      return style.animationName !== "none" || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
    }).length);
  assert.equal(moving, 0, "no transition, no animation");
  await page.getByRole("button", { name: "To the start", exact: true }).click();
  await settled(page);
  await page.evaluate(() => {
    globalThis.stops = new Set();
    const clock = document.querySelector(".clock b");
    new MutationObserver(() => stops.add(clock.textContent)).observe(clock, { childList: true, characterData: true, subtree: true });
  });
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.waitForFunction(() => stops.size >= 2);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const stops = await page.evaluate(() => [...stops]);
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByRole("button", { name: "Decisions only" }).waitFor();
  await settled(page);
  const times = (await page.locator("tbody td.num").allTextContents()).map(parseFloat);
  for (const stop of stops) assert.ok(times.some((time) => Math.abs(time - parseFloat(stop)) < 0.0011), `${stop} is an event`);
  // Who wants to see it move can have it.
  const smooth = page.getByRole("button", { name: "Smooth" });
  await smooth.click();
  await becomes(() => smooth.getAttribute("aria-pressed"), "true");
});

test("the picture follows the width of its place, and the playhead stays at its instant", async (t) => {
  const page = await t.open("", { width: 1280 });
  const at = await slider(page).getAttribute("aria-valuenow");
  for (const width of [900, 390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForFunction((wanted) => {
      const plot = document.querySelector(".plot").clientWidth;
      return innerWidth === wanted && Math.abs(document.querySelector("svg.fig").getBoundingClientRect().width - plot) <= 1;
    }, width);
    await settled(page);
    assert.equal(await slider(page).getAttribute("aria-valuenow"), at, `${width}`);
    await becomes(() => page.locator("svg.fig.tall").count(), width < 700 ? 1 : 0, "on a phone time runs down");
  }
});

test("after printing every word of the figure stands where it stood", async (t) => {
  const page = await t.open();
  const words = () =>
    page.locator(".fig .lbl").evaluateAll((all) => all.map((it) => [it.textContent, it.getAttribute("x"), it.getAttribute("visibility")].join("|")));
  await settled(page);
  const before = await words();
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 794, height: 900 });
  await page.waitForFunction(() => Number(document.querySelector(".fig").getAttribute("width")) < 900);
  await settled(page);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.waitForFunction((wide) => Number(document.querySelector(".fig").getAttribute("width")) > wide, 1_100);
  await settled(page);
  assert.deepEqual(await words(), before);
});
