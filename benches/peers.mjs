// What a documentation author would pick instead, drawn in the same run: `cargo xtask bench peers`.
// Bytes on the wire (brotli 11) and milliseconds from the navigation's start to the painted picture:
// a mermaid sequence diagram, a PerfCascade waterfall from a HAR, and this build's first view.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { join } from "node:path";
import { DIST, launch, serveFolder, stopwatch } from "../tests/e2e/lib.mjs";

const packages = process.env.KAE_PACKAGES;
if (!packages) throw new Error("start it with `cargo xtask bench peers`, which installs the peers");
const rounds = Number(process.argv[2] ?? 5);
const libraries = {
  "/mermaid.js": join(packages, "node_modules/mermaid/dist/mermaid.min.js"),
  "/perf-cascade.js": join(packages, "node_modules/perf-cascade/dist/perf-cascade.min.js"),
};

const PAINTED = "requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.painted = performance.now())))";
const page = (library, body, script) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>peer</title>
<link rel="icon" href="data:,">${body}<script src="${library}"></script><script>${script}</script></html>`;

/** `count` messages between a client and a server, answers in between. */
const diagram = (count) =>
  page(
    "/mermaid.js",
    `<pre class="mermaid">sequenceDiagram
participant C as Client
participant S as Server
${Array.from({ length: count }, (_, i) => (i % 2 ? "S-->>C: 200 OK" : `C->>S: GET /${i}`)).join("\n")}</pre>`,
    `mermaid.initialize({ startOnLoad: false, maxTextSize: 1e7 }); mermaid.run().then(() => ${PAINTED});`,
  );

/** `count` entries over six connections, the way a browser exports them. */
function waterfall(count) {
  const began = Date.UTC(2024, 0, 1);
  const message = { httpVersion: "HTTP/1.1", headers: [], cookies: [], headersSize: 120 };
  const entries = Array.from({ length: count }, (_, i) => ({
    pageref: "page",
    startedDateTime: new Date(began + i * 20).toISOString(),
    time: 60,
    connection: String(i % 6),
    cache: {},
    request: { ...message, method: "GET", url: `http://shop.example/${i}`, queryString: [], bodySize: 0 },
    response: { ...message, status: 200, statusText: "OK", redirectURL: "", bodySize: 1000, content: { size: 1000, mimeType: "text/html" } },
    timings: { blocked: 1, dns: 0, connect: i < 6 ? 20 : 0, ssl: 0, send: 1, wait: 30, receive: 8 },
  }));
  const pages = [{ id: "page", title: "page", startedDateTime: new Date(began).toISOString(), pageTimings: {} }];
  const har = { log: { version: "1.2", creator: { name: "bench", version: "1" }, pages, entries } };
  return page("/perf-cascade.js", `<div id="out"></div>`, `document.getElementById("out").append(perfCascade.fromHar(${JSON.stringify(har)})); ${PAINTED};`);
}

const routes = new Map([
  ["/mermaid-20", diagram(20)],
  ["/mermaid-200", diagram(200)],
  ["/waterfall-100", waterfall(100)],
  ["/waterfall-1000", waterfall(1000)],
  ...Object.entries(libraries).map(([path, file]) => [path, readFileSync(file)]),
]);
const packed = new Map(
  [...routes].map(([path, body]) => [
    path,
    brotliCompressSync(Buffer.from(body), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  ]),
);
const server = createServer((request, response) => {
  const body = packed.get(request.url);
  if (!body) return void response.writeHead(404).end();
  const type = request.url.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
  response.writeHead(200, { "content-type": type, "content-encoding": "br" }).end(body);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${server.address().port}`;
const site = await serveFolder();
const browser = await launch();

async function once(address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const tab = await context.newPage();
  const asked = new Set();
  tab.on("request", (request) => asked.add(request.url()));
  await tab.addInitScript(stopwatch);
  await tab.goto(address);
  const painted = address === site.base ? "globalThis.seen.ready" : "globalThis.painted";
  const ms = await (await tab.waitForFunction(painted, null, { timeout: 120_000 })).jsonValue();
  await context.close();
  return { ms, asked };
}

const wire = (url) => {
  if (url.startsWith("data:")) return 0;
  if (url.startsWith(origin)) return packed.get(url.slice(origin.length)).length;
  const file = readFileSync(join(DIST, url.slice(site.base.length) || "index.html"));
  return brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length;
};
const plan = new Map([
  ["mermaid, 20 messages", `${origin}/mermaid-20`],
  ["mermaid, 200 messages", `${origin}/mermaid-200`],
  ["PerfCascade, 100 entries", `${origin}/waterfall-100`],
  ["PerfCascade, 1 000 entries", `${origin}/waterfall-1000`],
  ["this build, first view", site.base],
]);
const seen = new Map([...plan.keys()].map((name) => [name, { ms: [], bytes: 0 }]));
for (let round = 0; round < rounds; round += 1) {
  for (const [name, address] of plan) {
    const { ms, asked } = await once(address);
    seen.get(name).ms.push(ms);
    seen.get(name).bytes = [...asked].reduce((sum, url) => sum + wire(url), 0);
  }
}
await browser.close();
server.close();
site.close();
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const own = seen.get("this build, first view");
for (const [name, { ms, bytes }] of seen) {
  const times = `${(bytes / own.bytes).toFixed(1)} x bytes, ${(median(ms) / median(own.ms)).toFixed(1)} x time`;
  console.log(`${name.padEnd(28)} ${String(Math.round(bytes / 1000)).padStart(5)} kB ${String(Math.round(median(ms))).padStart(6)} ms   ${times}`);
}
