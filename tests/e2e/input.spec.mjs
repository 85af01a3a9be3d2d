// Bad input: a message where it was made, nothing lost, a page that goes on.
import assert from "node:assert/strict";
import { test } from "./lib.mjs";
import { answered, becomes, changes, follow, requests, rows, says, sent, settled, until, verdict } from "./page.mjs";

/** The page goes on: it shows a verdict and events, and does what a click asks. */
async function alive(page, what) {
  assert.equal(await page.locator(".kae-stopped").count(), 0, what);
  assert.match(await verdict(page).textContent(), /\w/, what);
  assert.match(await page.locator("h1").textContent(), /\w/, what);
}

const field = (page, name) => page.getByRole("textbox", { name, exact: true }).first();

/** Text that cannot be: what is typed stays, a message says why, and the run stays as it was. */
async function refused(page, input, text, words) {
  const before = { sent: await sent(page).textContent(), verdict: await verdict(page).textContent() };
  const good = await input.inputValue();
  await input.fill(text);
  const message = page.locator('p.bad[role="alert"]');
  await message.waitFor();
  await says(message, words);
  await settled(page);
  assert.equal(await input.inputValue(), text, "what was typed stays");
  assert.equal(await input.getAttribute("aria-invalid"), "true");
  assert.equal(await sent(page).textContent(), before.sent);
  assert.equal(await verdict(page).textContent(), before.verdict);
  // It is still there, with its message, when the field is left.
  await input.blur();
  await settled(page);
  assert.equal(await input.inputValue(), text);
  assert.ok(await message.isVisible());
  await input.fill(good);
  await message.waitFor({ state: "detached" });
  await settled(page);
}

test("text that no field can hold is refused at the field, and kept", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default&server=apache-httpd@2.4");
  const bytes = /a number of bytes is wanted, 0 to/;
  const time = /a time is wanted, such as 60ms/;
  for (const [name, text, words] of [
    ["Bytes of body", "-1", bytes],
    ["Bytes of body", "9".repeat(40), bytes],
    ["Bytes of body", "many", bytes],
    ["Time", "-5s", time],
    ["Time", "99999999999999999999h", time],
    ["Time", "soon", time],
    ["Status", "99", /a status is wanted, 100 to 999/],
    ["Status", "1000", /a status is wanted, 100 to 999/],
    ["Status", "OK", /a status is wanted, 100 to 999/],
    ["The application works for", "1e309", time],
    ["Bytes of the answer's body", "-3", bytes],
    ["Bytes of the answer's body", "", bytes],
    ["Name of the field", "Ho:st", /cannot stand on a line/],
    ["KeepAliveTimeout", "abc", /"abc" is no time/],
    ["KeepAliveTimeout", "-2", /"-2" is no time/],
    ["KeepAliveTimeout", "9".repeat(30), /is no time/],
    ["MaxKeepAliveRequests", "1.5", /"1.5" is not a whole number/],
    ["Round-trip time", "61s", /at most 60\s?s/],
    ["Round-trip time", "", time],
    ["Bandwidth", "fast", /bits per second are wanted/],
    ["Bandwidth", "0", /bits per second are wanted/],
  ]) {
    await refused(page, field(page, name), text, words).catch((cause) => {
      throw new Error(`${name} = ${JSON.stringify(text)}: ${cause.message}`, { cause });
    });
  }
});

test("control characters cannot get onto a line, whatever the way", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  // A paste into a one-line field loses its line breaks; other control characters stay.
  const value = field(page, "Value");
  for (const text of ["a\u0000b", "a\u0001b", "a\u007fb"]) await refused(page, value, text, /control character/);
  const name = field(page, "Name of the field");
  await refused(page, name, "X\u0007", /cannot stand/);
  // A link can carry what a field cannot.
  await follow(page, "v=1&scenario=http11-default&x1.headers=Host:a~0D~0AEvil:1");
  const alert = page.locator(".alert");
  await alert.waitFor();
  await says(alert, /x1\.headers: the value of Host holds a line break/);
  await settled(page);
  assert.doesNotMatch(await sent(page).textContent(), /Evil/);
  await alert.getByRole("button", { name: "Dismiss" }).click();
  await alert.waitFor({ state: "detached" });
  await alive(page, "after all that");
});

test("absurd text in every field neither stops the page nor is lost", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const inputs = page.locator('input[type="text"]:visible');
  const count = await inputs.count();
  assert.ok(count >= 10, `fields: ${count}`);
  const absurd = ["", " ", "-0", "NaN", "0x10", "1e999", "18446744073709551616", "<script>alert(1)</script>", "𝟘💥\u202e", "%00%zz&v=99", "x".repeat(5_000)];
  for (let index = 0; index < count; index += 1) {
    const input = inputs.nth(index);
    const good = await input.inputValue();
    for (const text of absurd) {
      await input.fill(text);
      assert.equal(await input.inputValue(), text, "typing is never undone");
    }
    await input.blur();
    await input.fill(good);
  }
  await settled(page);
  await alive(page, "after the last field");
  assert.equal(await page.locator("script:not([src])").count(), 0);
  assert.equal(await page.locator('p.bad[role="alert"]').count(), 0, "good text again, no complaint left");
});

const BROKEN = [
  ["", "", null],
  ["#", "", null],
  ["v", "v=99&scenario=http11-default&rtt=100ms", /newer version.*v=99/],
  ["no version at all", "v=abc", /no version/],
  ["unknown scenario", "v=1&scenario=nothing-of-the-kind", /No scenario is called "nothing-of-the-kind"/],
  ["unknown key", "v=1&scenario=http11-default&server.Warp=9", /server\.Warp/],
  ["number out of bounds", "v=1&scenario=http11-default&rtt=99h", /rtt: .*left out/],
  ["key twice", "v=1&scenario=http11-default&rtt=1ms&rtt=2ms", /rtt stands there twice/],
  ["lone percent", "v=1&scenario=http11-default&x1.target=%", /%/],
  ["cut percent", "%E0%A4%A&%&%%%=%", /%/],
  ["script", "v=1&scenario=<script>alert(1)</script>", /<script>alert/],
  ["script encoded", "v=1&scenario=http11-default&%3Cimg%20src=x%20onerror=alert(1)%3E=1", /<img/],
  ["prototype", "v=1&__proto__=1&constructor=2", /__proto__/],
  ["many exchanges", "v=1&scenario=none&exchanges=999999999", /10000 exchanges|exchanges/],
  ["index out of reach", "v=1&scenario=http11-default&x4294967295.method=POST", /x4294967295/],
  ["instant", "v=1&scenario=http11-default&t=-1", /t: /],
  ["event", "v=1&scenario=http11-default&pick=zzz", /pick: names no event/],
  ["event that is not there", "v=1&scenario=http11-default&pick=c99-close", undefined],
  ["comparison", "v=1&scenario=http11-default&vs=maybe", /vs: /],
  ["very long", `v=1&scenario=http11-default&${"x1.target=/".padEnd(1_000_000, "a")}`, /too long/],
  ["very many", `v=1&scenario=http11-default&${Array.from({ length: 3_000 }, (_, i) => `k${i}=1`).join("&")}`, /more parameters/],
];

test("a broken, newer, huge or hostile link says what was kept, and the page works", async (t) => {
  const page = await t.open();
  for (const [what, link, words] of BROKEN) {
    await page.goto("about:blank");
    await page.goto(`${t.base}#${link}`);
    await t.ready(page);
    await alive(page, what);
    const alert = page.locator(".alert");
    if (words === null) assert.equal(await alert.count(), 0, what);
    else if (words) await says(alert, words, what);
    assert.ok((await page.locator(".alert li").count()) <= 21, `${what}: a bounded number of messages`);
    assert.equal(await page.locator("main script, main img").count(), 0, what);
    // What is sound in it was kept.
    if (link.includes("scenario=http11-default")) assert.match(await page.locator("h1").textContent(), /HTTP\/1\.1 stays open/, what);
  }
  // It does what it is asked.
  const before = await verdict(page).textContent();
  await requests(page).getByRole("button", { name: "Connection: close", exact: true }).first().click();
  await changes(verdict(page), before);
});

test("a newer link keeps what is known here", async (t) => {
  const page = await t.open("#v=99&scenario=http11-default&rtt=123ms&future=1");
  assert.match(await page.locator(".alert").textContent(), /newer version/);
  assert.equal(await field(page, "Round-trip time").inputValue(), "123ms");
});

test("a malformed message that can stand on the wire is sent, and the server's answer is shown", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const composer = requests(page);
  const heads = composer.locator(".heads").first();
  const is400 = async (what) => {
    // What was shown before may have been another 400.
    await settled(page);
    await says(answered(page), /^HTTP\/1\.1 400 /, what);
    await until(() => rows(page).allTextContents(), (all) => assert.match(all.join("\n"), /400/, what));
    await alive(page, what);
  };
  const addField = async (name, value) => {
    const count = await heads.locator("li").count();
    await composer.getByRole("button", { name: "+ field" }).first().click();
    const line = heads.locator("li").nth(count);
    await line.getByRole("textbox", { name: "Name of the field" }).fill(name);
    await line.getByRole("textbox", { name: "Value" }).fill(value);
  };
  const undo = async () => {
    const button = composer.getByRole("button", { name: "Undo" });
    for (await settled(page); await button.isEnabled(); await settled(page)) await button.click();
  };
  const good = await answered(page).textContent();
  assert.match(good, /^HTTP\/1\.1 200 /);

  await heads.getByRole("button", { name: "Remove this field" }).first().click();
  await changes(answered(page), good);
  await is400("no Host on 1.1");
  await undo();
  await becomes(() => answered(page).textContent(), good);

  await addField("Content-Length", "5");
  await addField("Content-Length", "6");
  await says(sent(page), /Content-Length: 5.*Content-Length: 6/s);
  await is400("two lengths");
  await undo();

  await addField("Content-Length ", "0");
  await says(sent(page), /Content-Length : 0/);
  await is400("a space before the colon");
  await undo();

  await composer.getByRole("button", { name: "other", exact: true }).click();
  await composer.getByRole("textbox", { name: "Version as written" }).fill("HTTP/x");
  await says(sent(page), /^GET \/ HTTP\/x/);
  await is400("a version that is none");
  await undo();

  for (const [name, text] of [["Target", "/a b"], ["Target", ""], ["Method", "G ET"], ["Method", ""]]) {
    const part = composer.getByRole("textbox", { name, exact: true });
    const before = await part.inputValue();
    await part.fill(text);
    await until(() => sent(page).textContent(), (all) => assert.ok(all.includes(text), all));
    await is400(`${name} ${JSON.stringify(text)}`);
    await part.fill(before);
    await settled(page);
  }
  await becomes(() => answered(page).textContent(), good);
});
