// Sends the exchanges of a case. It says that it is ready, takes one line of JSON
// ({ port, product, exchanges: [{ at, method, target, headers, body }] }), and is ended from outside.
// Beside it lies agent.mjs or fetch.mjs, the file that the page exports for the settings.
import http from "node:http";
import { createInterface } from "node:readline";

const product = process.argv[2];

async function viaAgent() {
    const { agent } = await import("./agent.mjs");
    return ({ port, method, target, headers, body }) =>
        new Promise((resolve) => {
            const options = { host: "127.0.0.1", port, path: target, method, agent, headers };
            const request = http.request(options, (response) => {
                response.on("error", resolve).on("close", resolve).resume();
            });
            request.on("error", resolve);
            request.end(body > 0 ? "x".repeat(body) : undefined);
        });
}

// The undici that Node carries is not a package that could be imported: its Agent is found
// where fetch has put it.
async function viaFetch() {
    await fetch("data:,");
    const { Agent } = { Agent: globalThis[Symbol.for("undici.globalDispatcher.1")].constructor };
    const dispatcher = new Agent(JSON.parse(process.argv[3]));
    return async ({ port, method, target, headers, body }) => {
        const options = { method, headers, dispatcher, redirect: "manual" };
        if (body > 0) {
            options.body = "x".repeat(body);
        }
        const response = await fetch(`http://127.0.0.1:${port}${target}`, options);
        await response.arrayBuffer();
    };
}

const send = await (product === "node-agent" ? viaAgent() : viaFetch());

// Whatever is loaded only when it is needed first is loaded before the run begins.
const once = http.createServer((request, response) => response.end("x"));
await new Promise((resolve) => once.listen(0, "127.0.0.1", resolve));
const headers = { connection: "close" };
await send({ port: once.address().port, method: "GET", target: "/", headers, body: 0 });
once.close();

const lines = createInterface({ input: process.stdin });
lines.once("line", (line) => {
    const { port, exchanges } = JSON.parse(line);
    for (const exchange of exchanges) {
        setTimeout(async () => {
            try {
                await send({ port, ...exchange });
            } catch {
                // What failed shows at the other end.
            }
        }, exchange.at);
    }
});
console.log("ready");
