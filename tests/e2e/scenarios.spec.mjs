// Every scenario by its link; what a link keeps.
import assert from "node:assert/strict";
import { test } from "./lib.mjs";
import { SCENARIOS, changes, clock, dismiss, follow, inAddress, requests, rows, says, sent, server, settled, slider, verdict } from "./page.mjs";

test("the picker offers every scenario, each with a sentence, and opens one", async (t) => {
  const page = await t.open();
  await page.getByRole("button", { name: /^all \d+$/ }).click();
  const picks = page.locator("dialog .picks a");
  await picks.first().waitFor();
  await settled(page);
  const offered = await picks.evaluateAll((links) => links.map((link) => new URLSearchParams(link.hash.slice(1)).get("scenario")));
  assert.ok(SCENARIOS.length >= 17, `found in the source: ${SCENARIOS}`);
  assert.deepEqual([...offered].sort(), [...SCENARIOS].sort());
  for (const text of await picks.locator("span").allTextContents()) assert.match(text, /\w{3}.*\.$/);
  const before = await verdict(page).textContent();
  await picks.filter({ hasText: "HTTP/1.0 has to ask" }).click();
  await changes(verdict(page), before);
  // The picker closes.
  await page.locator("dialog").waitFor({ state: "hidden" });
  await says(page.locator("h1"), /HTTP\/1\.0 has to ask/);
  await inAddress(page, "scenario=http10-negotiation");
});

// Two halves, so that both cores have something to do.
for (const half of [0, 1]) {
  test(`every scenario opens by its link, is explained and is clean (${half + 1} of 2)`, async (t) => {
    const page = await t.open("about:blank", { wait: false });
    const seen = new Map();
    for (const id of SCENARIOS.filter((_, index) => index % 2 === half)) {
      // Another query, so that the page is loaded anew.
      await page.goto(`${t.base}?${id}#v=1&scenario=${id}`);
      await t.ready(page);
      const said = await verdict(page).textContent();
      assert.match(said, /\w.*\w/, `${id} has a verdict`);
      assert.ok((await rows(page).count()) >= 1, `${id} has events`);
      assert.ok((await page.locator(".fig .mk").count()) >= 4, `${id} has marks`);
      assert.equal(await page.getByRole("alert").count(), 0, `${id} complains about nothing`);
      assert.ok((await page.locator(".whyp .path li, .whyp .facts li").count()) >= 1, `${id} says why`);
      assert.equal(await page.locator(".whyp .facts .clause").first().evaluate((link) => link.href.startsWith("https://")), true);
      assert.ok(!seen.has(said), `${id} says the same as ${seen.get(said)}: ${said}`);
      seen.set(said, id);
      assert.match(await page.locator(".look").textContent(), /^What to look for: .{20}/, `${id} says what to look for`);
      assert.deepEqual(page.problems, [], id);
    }
    // What was looked for need not be there after an edit.
    await page.locator(".reqp").getByRole("button", { name: "Duplicate", exact: true }).click();
    await page.locator(".look").waitFor({ state: "detached" });
  });
}

/** What two people who look at the same link must both see. */
const seen = async (page) => ({
  verdict: await verdict(page).textContent(),
  at: await clock(page).textContent(),
  rows: await rows(page).allTextContents(),
  sent: await sent(page).textContent(),
  settings: await server(page).locator("input, select").evaluateAll((fields) => fields.map((field) => field.value)),
});

test("a link opens the same state at the same instant elsewhere; reload keeps it", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const before = await verdict(page).textContent();
  await requests(page).getByRole("button", { name: "Connection: close", exact: true }).first().click();
  await changes(verdict(page), before);
  await server(page).getByRole("combobox", { name: "Server product" }).selectOption("nginx");
  await server(page).getByRole("textbox", { name: "keepalive_timeout", exact: true }).fill("7s");
  await slider(page).focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowLeft");
  await inAddress(page, "t=");
  await inAddress(page, "keepalive_timeout=7s");
  await settled(page);
  const here = await seen(page);

  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.getByRole("textbox", { name: "Text to copy" }).inputValue();
  assert.ok(link.startsWith(`${t.base}#v=1&scenario=http11-default&`), link);
  const other = await t.open(link);
  assert.deepEqual(await seen(other), here);

  await dismiss(page);
  await page.reload();
  await t.ready(page);
  assert.deepEqual(await seen(page), here);
});

test("addresses typed one after the other, back, and forward show what they name", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const first = await verdict(page).textContent();
  await follow(page, "v=1&scenario=http10-negotiation");
  const second = await changes(verdict(page), first);
  await follow(page, "v=1&scenario=post-extra-crlf&server=iis@1.0");
  const third = await changes(verdict(page), second);
  await page.goBack();
  assert.equal(await changes(verdict(page), third), second);
  await page.goBack();
  assert.equal(await changes(verdict(page), second), first);
  await page.goForward();
  assert.equal(await changes(verdict(page), first), second);
});

test("back returns to the scenario that was left, with its edits", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const plain = await verdict(page).textContent();
  await requests(page).getByRole("button", { name: "Connection: close", exact: true }).first().click();
  const edited = await changes(verdict(page), plain);
  await inAddress(page, "Connection:close");
  await page.locator(".more .card").first().click();
  await changes(verdict(page), edited);
  await page.waitForFunction(() => !location.hash.includes("http11-default"));
  await page.goBack();
  await page.waitForFunction(() => location.hash.includes("http11-default"));
  await page.waitForFunction((text) => document.querySelector(".verdict").textContent === text, edited);
  await says(sent(page), /Connection: close/);
});
