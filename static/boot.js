// Starts the explainer on its own page. An own file: the policy forbids inline scripts.
import { split, start } from "./kae.js";

const root = document.getElementById("app");
const given = split(location.hash.slice(1));
if (given.theme) document.documentElement.dataset.theme = given.theme;

// The address follows the state, but not at every keystroke: browsers limit how often.
let pending;
let latest;
/** The address came first and the state follows it. */
let arrived = false;
/** The fragment as we know it: another one means that the reader is already on the way elsewhere. */
let known = location.hash;
const scenario = (link) => link.match(/(?:^#?|&)scenario=([^&]*)/)?.[1] ?? "";
const write = () => {
  clearTimeout(pending);
  pending = undefined;
  if (latest !== undefined && location.hash === known) {
    // A theme that the address asked for stays there, and follows the switch.
    const look = given.theme && `theme=${document.documentElement.dataset.theme}`;
    const parts = [look, latest].filter(Boolean);
    const address = parts.length ? `#${parts.join("&")}` : location.pathname + location.search;
    // "Back" leads to the scenario before; an edit only changes where we are.
    const other = !arrived && scenario(latest) !== scenario(location.hash);
    arrived = false;
    history[other ? "pushState" : "replaceState"](history.state, "", address);
    known = location.hash;
  }
  latest = undefined;
};
addEventListener("pagehide", write);

// The ground of the page follows the switch in the explainer.
new MutationObserver(() => {
  document.documentElement.dataset.theme = root.querySelector("[data-theme]")?.dataset.theme ?? "auto";
}).observe(root, { subtree: true, attributes: true, attributeFilter: ["data-theme"] });

const explainer = await start(root, {
  mode: "page",
  theme: "auto",
  controls: "full",
  ...given,
  onstate(link) {
    latest = link;
    pending ??= setTimeout(write, 250);
  },
});

addEventListener("hashchange", () => {
  known = location.hash;
  const { link } = split(location.hash.slice(1));
  if (link === explainer.state()) return;
  arrived = true;
  explainer.update({ link });
});
