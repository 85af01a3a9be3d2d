// The explainer alone in a frame: the state comes with the address, messages go to the page around.
import { at, split, start } from "./kae.js";

const query = split(location.search.slice(1));
const fragment = split(location.hash.slice(1));
// A packed state stands in the fragment only: what a person pasted must not reach a server.
const given = { theme: "auto", controls: "full", ...query, ...fragment, link: fragment.link || query.link };
const id = given.id ?? null;

const colour = (theme) => {
  if (["auto", "light", "dark"].includes(theme)) document.documentElement.dataset.theme = theme;
};
colour(given.theme);

const host = globalThis.parent === globalThis ? undefined : globalThis.parent;
/** Where the page around comes from; known once it has spoken. The state goes nowhere else. */
let origin;
let state = given.link;
let verdict = "";
const say = (type, more, to) => to && host?.postMessage({ type, id, ...more }, to);

const starting = start(document.getElementById("app"), {
  ...given,
  mode: "embed",
  onstate(link) {
    state = link;
    say("kae:state", { state, verdict }, origin);
  },
  onverdict(text) {
    verdict = text;
    say("kae:state", { state, verdict }, origin);
  },
});

addEventListener("message", async ({ source, origin: from, data }) => {
  if (!host || source !== host || typeof data !== "object" || data === null) return;
  origin = from === "null" ? "*" : from;
  const explainer = await starting;
  switch (data.type) {
    case "kae:ping":
      say("kae:pong", { state, verdict }, origin);
      break;
    case "kae:theme":
      colour(data.theme);
      explainer.update({ theme: String(data.theme) });
      break;
    case "kae:seek":
      explainer.update({ link: at(state, String(data.t)) });
      break;
    case "kae:state":
      explainer.update({ link: String(data.state) });
      break;
  }
});

// A height tells nothing about anyone, so that it may go to whoever frames us.
new ResizeObserver(() => {
  say("kae:height", { height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}).observe(document.body);
