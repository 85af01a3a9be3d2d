// The sheets of what was measured and of configuration files; ways that lead back to the figure.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, test } from "./lib.mjs";
import { PHONE, becomes, dismiss, forgive, inAddress, says, server, settled, verdict } from "./page.mjs";

const button = (scope, name) => scope.getByRole("button", { name, exact: true }).first();
const dialog = (page, name) => page.getByRole("dialog", { name, exact: true });
const asked = (page, file) => page.requests.filter((url) => url.endsWith(file)).length;
const json = (file) => JSON.parse(readFileSync(join(ROOT, "static", file), "utf8"));

/** The verdict is on the screen and has the focus: the figure is below it. */
async function atTheFigure(page) {
  await page.waitForFunction(() => /-verdict$/.test(document.activeElement?.id ?? ""));
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector(".verdict").getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
}

test("one table says what every server does with a request", async (t) => {
  const page = await t.open("");
  await button(page, "Where they differ").click();
  const sheet = dialog(page, "Where they differ");
  const rows = sheet.locator("tbody tr");
  await sheet.getByRole("combobox", { name: "Request" }).selectOption("differ.http11-closed");
  const nginx = rows.filter({ has: page.getByRole("link", { name: "nginx", exact: true }) });
  // It does what most do not, and that is said in words and with a sign.
  await nginx.locator("td").first().filter({ hasText: "≠ unlike most: closed" }).waitFor();
  await says(rows.first(), /nginx/, "who differs stands first");
  await says(sheet.getByRole("status").first(), /^\d+ of \d+ keep the connection open/);
  await inAddress(page, "see=differ.http11-closed");
  await nginx.getByRole("button", { name: "Point the link at this row" }).click();
  await inAddress(page, "see=differ.http11-closed.nginx");
  await becomes(() => nginx.getAttribute("aria-current"), "true");
  await nginx.getByRole("link", { name: "nginx", exact: true }).click();
  await sheet.waitFor({ state: "hidden" });
  await atTheFigure(page);
  await inAddress(page, "server=nginx");
  await settled(page);
  assert.match(await verdict(page).textContent(), /close/i);
  assert.ok(!(await page.evaluate(() => location.hash)).includes("see="), "what is closed is not in the link");
});

test("a request of one's own is compared too", async (t) => {
  const page = await t.open("#v=1&scenario=post-extra-crlf&see=differ.x1");
  const sheet = dialog(page, "Where they differ");
  assert.match(await sheet.getByLabel("What is sent").textContent(), /POST/);
  assert.ok((await sheet.locator("tbody tr").count()) >= 7);
  await dismiss(page);
  await page.waitForFunction(() => !location.hash.includes("see="));
});

test("a link opens the table at a row", async (t) => {
  const page = await t.open("#v=1&see=differ.http10-both.nginx");
  const row = page.locator("dialog[open] tbody tr[aria-current]");
  assert.match(await row.textContent(), /nginx/);
  await page.waitForFunction(() => document.activeElement?.textContent === "nginx");
  const old = await t.open("#v=1&scenario=http11-default");
  assert.equal(await old.locator("dialog[open]").count(), 0);
  const wrong = await t.open("#v=1&see=nonsense");
  assert.match(await wrong.getByRole("alert").textContent(), /see: names nothing that can be opened/);
});

test("proof is fetched when it is opened, and leads to each case", async (t) => {
  const page = await t.open("#v=1&scenario=none&server=apache-httpd");
  assert.equal(asked(page, "proof.json"), 0);
  const before = await page.evaluate(() => location.href);
  await button(server(page), "Proof").click();
  const sheet = dialog(page, "Proof");
  const httpd = json("proof.json").find(({ product }) => product === "apache-httpd");
  await sheet.getByText(`Version ${httpd.version}, run on ${httpd.recorded}`).waitFor();
  await sheet.getByText(`${httpd.cases} cases compared`).waitFor();
  await settled(page);
  assert.equal(asked(page, "proof.json"), 1);
  assert.ok(page.requests.some((url) => url === new URL("proof.json", before).href), "beside the page");
  assert.equal(await sheet.locator("tbody tr").count(), httpd.figures.length);
  assert.equal(await sheet.locator(".cases li").count(), httpd.differences.length);
  await sheet.getByText(/Not run, from documents only: /).waitFor();
  await sheet.getByRole("combobox", { name: "Program" }).selectOption("iis");
  await sheet.getByText(/It was not run: its rule follows documents/).waitFor();
  assert.equal(asked(page, "proof.json"), 1, "it is there already");
  await inAddress(page, "see=proof.iis");
});

test("what cannot be fetched is said in one line, and tried again", async (t) => {
  const page = await t.open("");
  await page.route("**/surprises.json", (route) => route.fulfill({ status: 404, body: "" }));
  await button(page, "Surprises").click();
  const sheet = dialog(page, "Surprises");
  await sheet.getByRole("alert").filter({ hasText: "could not be fetched" }).waitFor();
  await forgive(page);
  await page.unroute("**/surprises.json");
  await dismiss(page);
  await button(page, "Surprises").click();
  const all = json("surprises.json");
  await sheet.getByText(all[0].fact).waitFor();
  await settled(page);
  const links = sheet.getByRole("link", { name: "See it happen" });
  assert.equal(await links.count(), all.length);
  await links.nth(3).click();
  await sheet.waitFor({ state: "hidden" });
  await atTheFigure(page);
  await page.waitForFunction((link) => location.hash === `#${link}`, all[3].link);
});

test("an incident is two clicks away, and its knob three", async (t) => {
  const page = await t.open("");
  assert.equal(asked(page, "incidents.json"), 0);
  await button(page, "Incidents").click();
  const sheet = dialog(page, "Incidents");
  const all = json("incidents.json");
  await sheet.getByRole("status").filter({ hasText: `${all.length} of ${all.length}` }).waitFor();
  const at = all.findIndex(({ title }) => title === "A POST done twice");
  const [[, see], [, turned]] = all[at].links;
  await sheet.locator(".cases li").nth(at).getByRole("link", { name: "See it" }).click();
  await sheet.waitFor({ state: "hidden" });
  await atTheFigure(page);
  await page.waitForFunction((link) => location.hash === `#${link}`, see);
  // What it is about stands below the figure, with the way on.
  const look = page.locator(".look").filter({ hasText: all[at].parts[1][1] });
  await look.waitFor();
  await page.getByRole("link", { name: "Turn the knob" }).click();
  await page.waitForFunction((link) => location.hash === `#${link}`, turned);
  await look.waitFor();
  await button(page, "The whole card").click();
  await inAddress(page, "see=incident.retry-post");
  await page.waitForFunction(() => document.activeElement?.matches(".cases li[aria-current]"));
  await page.keyboard.press("Escape");
  await button(page, "Undo").click();
  await look.waitFor({ state: "detached" });
});

test("claims are filtered by their words, and each has a link", async (t) => {
  const page = await t.open("#v=1&see=claim/crawlers-4");
  const sheet = dialog(page, "Claims checked");
  await page.waitForFunction(() => document.activeElement?.matches(".cases li[aria-current]"));
  assert.match(await sheet.locator("[aria-current]").textContent(), /close stands in Connection/);
  const all = json("claims.json");
  const fitting = all.filter((card) => JSON.stringify(card).toLowerCase().includes("haproxy")).length;
  await sheet.getByRole("searchbox", { name: "Filter" }).fill("HAProxy");
  await sheet.getByRole("status").filter({ hasText: `${fitting} of ${all.length}` }).waitFor();
  assert.equal(await sheet.locator(".cases li").count(), fitting);
  await sheet.getByRole("searchbox", { name: "Filter" }).fill("no such words");
  await sheet.getByRole("status").filter({ hasText: `0 of ${all.length}` }).waitFor();
});

test("the settings are taken along as a file", async (t) => {
  const page = await t.open("#v=1&scenario=none&server=nginx&server.keepalive_timeout=7s&exchanges=1");
  await page.evaluate(() => {
    globalThis.copied = [];
    Object.defineProperty(navigator, "clipboard", { value: { writeText: (text) => (copied.push(text), Promise.resolve()) } });
  });
  assert.equal(asked(page, "explainer_bg.wasm"), 0);
  await button(server(page), "As a config file").click();
  const sheet = dialog(page, "As a config file");
  await sheet.locator("pre").first().waitFor();
  await settled(page);
  const shown = await sheet.locator("pre").first().textContent();
  assert.match(shown, /^ *keepalive_timeout 7s;/m);
  assert.match(shown, /^ *# keepalive_requests 1000;/m, "what is not set is shown");
  assert.equal(asked(page, "explainer_bg.wasm"), 1);
  await button(sheet, "Copy").click();
  await sheet.getByRole("status").filter({ hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => copied.at(-1)), shown);
  const download = page.waitForEvent("download");
  await button(sheet, "Download").click();
  const file = await download;
  assert.equal(file.suggestedFilename(), await sheet.locator("h3").first().textContent());
  let text = "";
  for await (const part of await file.createReadStream()) text += part;
  assert.equal(text, shown);
  assert.match(await sheet.locator("dl").first().textContent(), /Where.*Then.*nginx/s);
});

test("a pasted file sets the settings, in one step that can be undone", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  const before = await page.evaluate(() => location.hash);
  await button(server(page), "Paste a config").click();
  const sheet = dialog(page, "Paste a config");
  const field = sheet.getByRole("textbox", { name: "Configuration" });
  await field.waitFor();
  await settled(page);
  assert.equal(await button(sheet, "Use these settings").count(), 0);
  await field.fill("http {\n  keepalive_timeout 9s 4s;\n  keepalive_requests 3;\n  sendfile on;\n}\n");
  await sheet.getByRole("status").filter({ hasText: "Read as nginx: 2 understood, 1 not." }).waitFor();
  assert.match(await sheet.locator(".lines").nth(1).textContent(), /line 4.*sendfile on/);
  await t.axe(page, "dialog[open]");
  await button(sheet, "Use these settings").click();
  await sheet.waitFor({ state: "hidden" });
  await atTheFigure(page);
  await inAddress(page, "server.keepalive_timeout=9s+4s");
  await inAddress(page, "server.keepalive_requests=3");
  await button(page, "Undo").click();
  await page.waitForFunction((hash) => location.hash === hash, before);
});

test("what knows the files may fail to load, and is asked for again", async (t) => {
  const page = await t.open("#v=1&scenario=none&server=nginx&server.keepalive_timeout=7s&exchanges=1");
  const sheet = dialog(page, "As a config file");
  for (const file of ["explainer.js", "explainer_bg.wasm"]) {
    await page.route(`**/${file}*`, (route) => route.fulfill({ status: 404, body: "" }));
    await button(server(page), "As a config file").click();
    await sheet.getByRole("alert").filter({ hasText: "could not be fetched" }).waitFor();
    assert.equal(await sheet.locator("pre").count(), 0);
    await forgive(page);
    await page.unroute(`**/${file}*`);
    await dismiss(page);
  }
  await button(server(page), "As a config file").click();
  await sheet.locator("pre").first().filter({ hasText: "keepalive_timeout 7s;" }).waitFor();
  await dismiss(page);
  const before = asked(page, "explainer_bg.wasm");
  await button(server(page), "Paste a config").click();
  await page.getByRole("textbox", { name: "Configuration" }).fill("keepalive_requests 3;");
  await page.getByRole("status").filter({ hasText: "Read as nginx: 1 understood" }).waitFor();
  assert.equal(asked(page, "explainer_bg.wasm"), before, "it is there already");
});

test("what is pasted before the module is there is read when it is", async (t) => {
  const page = await t.open("#v=1&scenario=http11-default");
  let go;
  const wait = new Promise((done) => (go = done));
  await page.route("**/explainer_bg.wasm", async (route) => (await wait, route.continue()));
  await button(server(page), "Paste a config").click();
  await page.getByRole("textbox", { name: "Configuration" }).fill("KeepAliveTimeout 11");
  await page.getByRole("status").filter({ hasText: "One moment" }).waitFor();
  go();
  await page.getByRole("status").filter({ hasText: "Read as Apache httpd: 1 understood" }).waitFor();
});

test("a file can be dropped there", async (t) => {
  const page = await t.open("#v=1&see=import");
  const field = page.getByRole("textbox", { name: "Configuration" });
  await field.evaluate((element) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["KeepAlive Off\nKeepAliveTimeout 11\n"], "httpd.conf"));
    element.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await page.getByRole("status").filter({ hasText: "Read as Apache httpd: 2 understood" }).waitFor();
  await settled(page);
  assert.match(await field.inputValue(), /KeepAliveTimeout 11/);
});

const SHEETS = ["differ.http10-both.nginx", "differ.http09", "proof.apache-httpd", "proof.iis", "surprises", "incident.retry-post", "claims", "export", "import"];

for (const [name, look] of [
  ["light", {}],
  ["dark", { theme: "dark" }],
  ["forced colours", { forcedColors: "active" }],
  ["phone", PHONE],
]) {
  test(`these sheets fit, and axe finds nothing, ${name}`, async (t) => {
    const page = await t.open("#v=1&scenario=idle-too-late&server.KeepAliveTimeout=9", look);
    const wrong = [];
    for (const see of SHEETS) {
      await page.evaluate((to) => void (location.hash = `v=1&scenario=idle-too-late&server.KeepAliveTimeout=9&see=${to}`), see);
      const open = page.locator("dialog[open]");
      await open.waitFor();
      // What is fetched for it has come.
      await becomes(() => open.getByText("One moment").count(), 0);
      await t.axe(page, "dialog[open]");
      const wide = await open.evaluate((it) => [it.scrollWidth - it.clientWidth, innerWidth - it.getBoundingClientRect().right]);
      if (wide[0] > 0 || wide[1] < 0) wrong.push(`${see}: ${wide}`);
      if (look.touch) {
        const small = await open.locator("button, select, textarea").evaluateAll((list) =>
          list.filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 43.5).map((it) => it.ariaLabel || it.textContent),
        );
        for (const what of small) wrong.push(`${see}: small target ${what}`);
      }
      await dismiss(page);
      await page.waitForFunction(() => !location.hash.includes("see="));
    }
    assert.deepEqual(wrong, []);
  });
}

test("the figure alone opens no sheet", async (t) => {
  const page = await t.open("embed.html?v=1&scenario=http11-default&see=surprises");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  assert.equal(asked(page, "surprises.json"), 0);
});

test("a card below leads up to the figure", async (t) => {
  const page = await t.open("");
  const card = page.locator(".card").first();
  const title = await card.locator(".ct").textContent();
  await card.click();
  await atTheFigure(page);
  await page.waitForFunction((wanted) => document.querySelector("h1").textContent === wanted, title);
});

test("the theme of a link stays in the address and follows the switch", async (t) => {
  const page = await t.open("#theme=dark&v=1&scenario=http11-default");
  await button(page, "Duplicate").click();
  await page.waitForFunction(() => location.hash.includes("exchanges=") || location.hash.includes("x2"));
  await settled(page);
  assert.match(await page.evaluate(() => location.hash), /^#theme=dark&v=1&scenario=http11-default/);
  await page.locator('button[aria-label^="Theme"]').click();
  await button(page, "Undo").click();
  await page.waitForFunction(() => location.hash.startsWith("#theme=auto&v=1"));
});
