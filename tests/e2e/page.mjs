// The parts of the page as tests name them, and questions that several tests ask of it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, WAIT_MS, settled } from "./lib.mjs";

export { settled } from "./lib.mjs";

export const PHONE = { width: 390, height: 844, touch: true };

/** Every scenario of the catalogue and its title, from the source that the page is built from. */
export const TITLES = new Map(
  // The folders in it hold cards, which are no scenarios.
  readdirSync(join(ROOT, "src/catalogue")).filter((name) => name.endsWith(".rs")).flatMap((file) =>
    [...readFileSync(join(ROOT, "src/catalogue", file), "utf8").matchAll(/^ {4}id: "([a-z0-9-]+)",\n {4}title: "(.*)",$/gm)].map(([, id, title]) => [id, title]),
  ),
);
export const SCENARIOS = [...TITLES.keys()];

export const verdict = (scope) => scope.locator(".verdict").first();
export const requests = (scope) => scope.locator(".reqp");
export const server = (scope) => scope.locator(".srvp");
export const slider = (scope) => scope.getByRole("slider", { name: "Time", exact: true });
export const clock = (scope) => scope.locator(".clock b");
export const rows = (scope) => scope.locator("tbody tr");
/** The two heads as they stand on the wire. */
export const sent = (scope) => scope.getByLabel("The request as it stands on the wire");
export const answered = (scope) => scope.getByLabel("The answer as it stands on the wire");

/** What the address says about the state, as soon as it says `part`. */
export async function inAddress(page, part) {
  await page.waitForFunction((wanted) => decodeURIComponent(location.hash).includes(wanted), part);
}

/** Opens a link in the page that is there, by its address; the page is not loaded anew. */
export async function follow(page, link) {
  await page.evaluate((to) => void (location.hash = to), link);
}

/** Asks until `check` takes the answer; then the answer. When it has waited too long, the check's own error. */
export async function until(ask, check) {
  for (const end = Date.now() + WAIT_MS; ; ) {
    const answer = await ask();
    try {
      check(answer);
      return answer;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Waits until what is asked for is what is wanted. */
export const becomes = (ask, wanted, message) => until(ask, (answer) => assert.deepEqual(answer, wanted, message));

/** Waits until the text of something matches; answers it. */
export const says = (locator, wanted, message) => until(() => locator.textContent(), (text) => assert.match(text, wanted, message));

/** Waits until the text of something is no longer what it was, and all else is drawn too; answers the new text. */
export async function changes(locator, before) {
  await until(() => locator.textContent(), (text) => assert.notEqual(text, before));
  await settled(locator);
  return locator.textContent();
}

/** What the clock shows, in seconds, once everything is drawn and it shows what the slider says. */
export async function instant(scope) {
  await settled(slider(scope));
  const both = async () => [await clock(scope).textContent(), await slider(scope).getAttribute("aria-valuetext")];
  const [shown] = await until(both, ([text, value]) => assert.equal(text, value, "the clock shows what the slider says"));
  return parseFloat(shown);
}

/** Sends the sheet away, and waits until the page has heard of it: the browser tells it a little later. */
export async function dismiss(page) {
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => {
    const sheet = document.querySelector("dialog");
    return !sheet.open && sheet.childElementCount === 0;
  });
  await settled(page);
}

/** A file could not be had, as the test wants it: both the network and the console have said so by now. */
export async function forgive(page) {
  await until(() => page.problems, (all) => {
    assert.ok(all.some((line) => /^(404|failed): /.test(line)), `the network's word: ${all}`);
    assert.ok(all.some((line) => line.startsWith("console: ")), `the console's word: ${all}`);
  });
  await settled(page);
  page.problems.length = 0;
}

/** Functions for the page itself, to be put there with `addScriptTag`'s stronger sister. */
export const installEyes = (page) =>
  page.evaluate(() => {
    const text = (element) =>
      (element.getAttribute?.("aria-label") || element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 50);
    const name = (element) =>
      element ? `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> ${text(element)}` : "nothing";
    globalThis.eyes = {
      name,
      focused: () => document.activeElement ?? document.body,
      /** What is wrong with the focus, or an empty text. */
      focus() {
        const at = document.activeElement;
        if (!at || at === document.body || at === document.documentElement) return "the focus is lost";
        const rect = at.getBoundingClientRect();
        const { width, height } = rect;
        if (width < 1 || height < 1) return `${name(at)}: has no size`;
        if (rect.bottom <= 0 || rect.top >= innerHeight || rect.right <= 0 || rect.left >= innerWidth) return `${name(at)}: is outside the window`;
        const style = getComputedStyle(at);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        // In the picture a shape of the element is outlined.
        const drawn = [...at.querySelectorAll("rect, path")].some((shape) => {
          const { stroke, strokeWidth } = getComputedStyle(shape);
          return stroke !== "none" && parseFloat(strokeWidth) >= 2;
        });
        if (!outlined && !(at.closest("svg.fig") && drawn)) return `${name(at)}: no sign of focus`;
        return "";
      },
      /** Is the middle of the focused element covered by something that is not part of it? */
      covered() {
        const at = document.activeElement;
        if (at.closest("svg.fig") && at.tagName === "g") return "";
        const rects = [...at.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
        const seen = rects.some((rect) => {
          const x = (Math.max(rect.left, 0) + Math.min(rect.right, innerWidth)) / 2;
          const y = (Math.max(rect.top, 0) + Math.min(rect.bottom, innerHeight)) / 2;
          const top = document.elementFromPoint(x, y);
          return top && (at.contains(top) || top.contains(at));
        });
        return seen ? "" : `${name(at)}: is covered by ${name(document.elementFromPoint(rects[0].left + rects[0].width / 2, rects[0].top + rects[0].height / 2))}`;
      },
    };
  });
