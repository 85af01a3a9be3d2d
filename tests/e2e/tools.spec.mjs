// The calculators: what is typed is answered at once, nothing is lost, and runs are played in a worker.
import assert from "node:assert/strict";
import { test } from "./lib.mjs";
import { PHONE, becomes, inAddress, says, settled } from "./page.mjs";

const button = (scope, name) => scope.getByRole("button", { name, exact: true }).first();
const sheet = (page) => page.getByRole("dialog", { name: "Calculators", exact: true });
const field = (page, name) => sheet(page).locator(`[name="${name}"]`);
const said = (page) => sheet(page).locator("output.said");
const asked = (page, file) => page.requests.filter((url) => new URL(url).pathname.endsWith(`/${file}`)).length;

test("the danger window is counted while one types, and the focus stays", async (t) => {
  const page = await t.open("");
  assert.equal(asked(page, "explainer_bg.wasm") + asked(page, "tools.css"), 0, "nothing of it in the first view");
  await button(page, "Calculators").click();
  await inAddress(page, "see=danger");
  await says(said(page), /of the requests are at risk/);
  await says(sheet(page).locator("[data-out=more]"), /30\.8\s%/);
  const server = field(page, "server");
  await server.fill("91");
  await says(said(page), /No request is at risk/);
  assert.equal(await server.evaluate((it) => it === document.activeElement), true);
  await server.fill("91x");
  await says(sheet(page).locator('[data-bad="server"]'), /A time is wanted, 0\ss to 24\sh/);
  assert.equal(await server.getAttribute("aria-invalid"), "true");
  assert.match(await said(page).textContent(), /No request is at risk/, "what was said stays");
  await server.fill("6");
  await says(said(page), /are at risk/);
  assert.equal(await server.getAttribute("aria-invalid"), "false");
});

test("a danger window can be watched", async (t) => {
  const page = await t.open("#v=1&see=danger");
  await says(said(page), /at risk/);
  await sheet(page).getByRole("button", { name: /^Watch it: a request after/ }).click();
  await sheet(page).waitFor({ state: "hidden" });
  await inAddress(page, "server.idle timeout=6007ms".replace(" ", "+"));
  await page.waitForFunction(() => /-verdict$/.test(document.activeElement?.id ?? ""));
});

test("an example fills the fields", async (t) => {
  const page = await t.open("#v=1&see=danger");
  await button(sheet(page), "Load balancer 60 s, server 65 s").click();
  await becomes(() => field(page, "server").inputValue(), "65");
  await says(said(page), /No request is at risk/);
  await button(sheet(page), "How many connections").click();
  await inAddress(page, "see=connections");
  await says(said(page), /connections are open/);
  await says(sheet(page).locator("thead"), /in a run/);
});

const SHORT = { arrivals: "1", length: "60", clients: "10", values: "1, 5, 20" };
async function drawn(page, fields = SHORT) {
  await says(said(page), /runs of .* requests/);
  for (const [name, value] of Object.entries(fields)) await field(page, name).fill(value);
  await button(sheet(page), "Draw the plot").click();
}

test("the tuning plot is computed in a worker, told by keys, and saved", async (t) => {
  const page = await t.open("#v=1&scenario=idle-too-late&see=tune");
  await drawn(page);
  await says(sheet(page).locator("[data-out=state]"), /^Done/);
  assert.equal(asked(page, "worker.js"), 1);
  assert.equal(await button(sheet(page), "Cancel").isVisible(), false, "nothing is left to cancel");
  assert.equal(await sheet(page).locator("[data-out=table] tbody tr").count(), 3);
  const plot = sheet(page).getByRole("slider");
  await plot.focus();
  await page.keyboard.press("ArrowRight");
  await becomes(() => plot.getAttribute("aria-valuenow"), "1");
  assert.match(await plot.getAttribute("aria-valuetext"), /^5\ss: wait, mean/);
  assert.equal(await plot.evaluate((it) => it === document.activeElement), true);
  for (const [name, file, head] of [
    ["Save the numbers (CSV)", "keep-alive-tuning.csv", /^"server\.KeepAliveTimeout \(s\)"/],
    ["Save the picture (SVG)", "keep-alive-tuning.svg", /^<svg xmlns/],
  ]) {
    const download = page.waitForEvent("download");
    await button(sheet(page), name).click();
    const saved = await download;
    assert.equal(saved.suggestedFilename(), file);
    let text = "";
    for await (const part of await saved.createReadStream()) text += part;
    assert.match(text, head);
  }
  await plot.focus();
  await page.keyboard.press("Enter");
  await sheet(page).waitFor({ state: "hidden" });
  await inAddress(page, "load=poisson:1s");
});

test("a plot can be cancelled, and other fields ask for another", async (t) => {
  const page = await t.open("#v=1&scenario=idle-too-late&see=tune");
  await drawn(page, { ...SHORT, arrivals: "5", length: "7200", values: "" });
  await button(sheet(page), "Cancel").click();
  await says(sheet(page).locator("[data-out=state]"), /^Cancelled/);
  assert.equal(await sheet(page).getByRole("progressbar").count(), 0);
  await field(page, "clients").fill("0");
  await says(sheet(page).locator('[data-bad="clients"]'), /1 to 10\s000/);
  await button(sheet(page), "Draw the plot").click();
  await says(sheet(page).locator("[data-out=state]"), /has to be mended/);
});

test("without a worker the page computes it, and says so", async (t) => {
  const page = await t.open("#v=1&scenario=idle-too-late");
  await page.evaluate(() => {
    globalThis.Worker = class {
      constructor() {
        throw new DOMException("no", "SecurityError");
      }
    };
  });
  await button(page, "Calculators").click();
  await button(sheet(page), "Tuning plot").click();
  await drawn(page);
  await says(sheet(page).locator("[data-out=state]"), /^Done/);
  assert.equal(await sheet(page).locator("[data-out=table] tbody tr").count(), 3);
});

test("a worker that cannot start is replaced by the page", async (t) => {
  const page = await t.open("#v=1&scenario=idle-too-late&see=tune");
  await page.route("**/worker.js", (route) => route.fulfill({ status: 404, body: "" }));
  await drawn(page);
  await says(sheet(page).locator("[data-out=state]"), /^Done/);
  page.problems.length = 0;
});

for (const [name, look] of [
  ["light", {}],
  ["dark", { theme: "dark" }],
  ["forced colours", { forcedColors: "active" }],
  ["phone", PHONE],
]) {
  test(`the calculators fit, and axe finds nothing, ${name}`, async (t) => {
    const page = await t.open("#v=1&scenario=idle-too-late&see=danger", look);
    for (const [tool, ready] of [["Danger window", /at risk/], ["How many connections", /are open/], ["Tuning plot", /runs of/]]) {
      await button(sheet(page), tool).click();
      await says(said(page), ready);
      if (tool === "Tuning plot") {
        await drawn(page);
        await says(sheet(page).locator("[data-out=state]"), /^Done/);
      }
      await settled(page);
      await t.axe(page, "dialog[open]");
      const wide = await sheet(page).evaluate((it) => [it.scrollWidth - it.clientWidth, innerWidth - it.getBoundingClientRect().right]);
      assert.ok(wide[0] <= 0 && wide[1] >= 0, `${tool}: ${wide}`);
      if (look.touch) {
        const small = await sheet(page).locator("button, select, input").evaluateAll((list) =>
          list.filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 43.5).map((it) => it.ariaLabel || it.name || it.textContent),
        );
        assert.deepEqual(small, [], tool);
      }
    }
  });
}
