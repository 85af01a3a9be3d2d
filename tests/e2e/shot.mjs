// A picture of the page, for looking at:
//   node tests/e2e/shot.mjs WHAT OUT.png [--width 1280] [--height 900] [--dark] [--full] [--forced]
//     [--reduced] [--touch] [--scale 2] [--embed] [--play MS] [--click SELECTOR]... [--js CODE]
//     [--only SELECTOR] [--axe]
// WHAT: an address (http://...), a link's fragment (v=1&scenario=...), or "" for the default view
// of dist/. It says on the terminal what the console said and what axe found.
import { axe, launch, newPage, ready, serveFolder } from "./lib.mjs";

const [what = "", out = "shot.png", ...rest] = process.argv.slice(2);
const has = (name) => rest.includes(`--${name}`);
const all = (name) => rest.flatMap((word, i) => (word === `--${name}` ? [rest[i + 1]] : []));
const number = (name, usual) => Number(all(name)[0] ?? usual);

const site = await serveFolder();
const browser = await launch();
const remote = /^https?:/.test(what);
const address = remote ? what : has("embed") ? `${site.base}embed.html?${what}` : `${site.base}#${what}`;
const page = await newPage(browser, [site.origin, new URL(address).origin], {
  width: number("width", 1280),
  height: number("height", 900),
  scale: number("scale", 1),
  theme: has("dark") ? "dark" : "light",
  forcedColors: has("forced") ? "active" : "none",
  reducedMotion: has("reduced") ? "reduce" : "no-preference",
  touch: has("touch"),
});
await page.goto(address);
await ready(page).catch(() => console.log("no explainer said that it is ready"));
for (const selector of all("click")) await page.locator(selector).first().click({ timeout: 5_000 });
for (const code of all("js")) console.log(await page.evaluate(code));
if (all("play").length) await page.waitForTimeout(number("play", 0));
const part = all("only")[0];
await (part ? page.locator(part).first().screenshot({ path: out }) : page.screenshot({ path: out, fullPage: has("full") }));
const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth, document.querySelectorAll("*").length]);
console.log(`${out}: page ${wide[0]} px wide in ${wide[1]}, ${wide[2]} elements`);
for (const problem of page.problems) console.log(problem);
if (has("axe")) for (const line of await axe(page)) console.log(`axe: ${line}`);
await browser.close();
site.close();
