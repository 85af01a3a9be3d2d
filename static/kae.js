// The explainer in any page: <keep-alive-explainer>, or mount(element, options).
// Nothing but this file is fetched until an explainer comes near the screen.

/** A file beside this one: right under any path and from any page. */
const here = (name) => new URL(name, import.meta.url);
const SHEETS = ["theme.css", "app.css", "marks.css", "stage.css"];

/** What stands in a file beside this one. */
const read = async (name) => {
  const answer = await fetch(here(name));
  return answer.ok ? answer.json() : Promise.reject(answer.status);
};

/** For each mounted explainer what is to happen if the module stops. */
const live = new Set();

/** A wasm module with its glue. */
const fetched = (name, query = "") =>
  import(here(`${name}.js${query}`)).then(async (glue) => {
    await glue.default({ module_or_path: here(`${name}_bg.wasm`) });
    return glue;
  });

let json;
let failed = 0;
/** The module with the JSON functions, fetched when it is first asked for, and again if that failed. */
export const load = () =>
  // Browsers keep in mind which scripts could not be had, by their address.
  (json ??= fetched("explainer", failed ? `?${failed}` : "").catch((error) => {
    json = undefined;
    failed += 1;
    throw error;
  }));

let page;
/** The module that draws, fetched once for all explainers of the page. */
const drawing = () =>
  (page ??= fetched("page").then((glue) => {
    glue.set_panic_handler((text) => live.forEach((fail) => fail(text, STOPPED)));
    return glue;
  }));

let sheets;
/** The style sheets for shadow roots. Their text is fetched: a host's policy may forbid links. */
const styles = () =>
  (sheets ??= Promise.all(
    SHEETS.map(async (name) => {
      const sheet = new CSSStyleSheet();
      const answer = await fetch(here(name));
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return sheet.replace(await answer.text());
    }),
  ));

/** Options that stand in a link or query beside the state itself. */
const BESIDE = ["theme", "controls", "id"];

/** Splits a fragment or query into the explainer's state and the options beside it. */
export function split(text) {
  const options = {};
  const rest = text.split("&").filter((part) => {
    const [key, value] = part.split("=");
    if (!BESIDE.includes(key)) return true;
    options[key] = value;
  });
  return { ...options, link: rest.join("&") };
}

/** The same state at another instant. */
export const at = (link, t) =>
  [...(link || "v=1").split("&").filter((part) => !part.startsWith("t=")), `t=${t}`].join("&");

/**
 * Mounts an explainer in `root`, an empty element in the document or in a shadow root.
 * The handle lives on in all moves of the element, until `unmount`.
 */
export async function start(root, options = {}) {
  let state = options.link ?? "";
  let handle;
  const fail = (text, title) => {
    if (!live.delete(fail)) return;
    handle = undefined; // its module answers no more
    root.replaceWith(stopped(title, text, state));
    options.onfail?.(text);
  };
  live.add(fail);
  try {
    const glue = await drawing();
    handle = glue.mount(root, {
      ...options,
      read,
      load,
      onstate(link) {
        state = link;
        options.onstate?.(link);
      },
    });
  } catch (error) {
    fail(String(error), UNLOADED);
  }
  return {
    /** Changes what is named and leaves the rest. */
    update: (changes) => handle?.update(changes),
    /** The state as a link's fragment. */
    state: () => state,
    unmount() {
      live.delete(fail);
      handle?.unmount();
      handle = undefined;
    },
  };
}

const STOPPED = "The explainer has stopped: a mistake in it, not yours.";
const UNLOADED = "The explainer could not be loaded.";

/** What stands in the place of an explainer that cannot go on. */
function stopped(title, text, state) {
  const make = (tag, content, more) => {
    const element = Object.assign(document.createElement(tag), more);
    element.append(...content);
    return element;
  };
  // Fragments alone would not load the page again, so the path differs from the page's own.
  const page = here(`index.html?again=${Date.now().toString(36)}`);
  return make("section", [
    make("p", [make("strong", [title])]),
    make("p", [
      make("a", ["Open it again where it was"], { href: `${page}#${state}` }),
      " or ",
      make("a", ["begin anew"], { href: page.href }),
      ".",
    ]),
    make("details", [make("summary", ["What it said"]), make("pre", [text])]),
  ], { className: "kae kae-stopped", role: "alert" });
}

/** Elements whose turn comes when they are near the screen. */
const near =
  globalThis.IntersectionObserver &&
  new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && entry.target.open()),
    { rootMargin: "400px" },
  );

const ATTRIBUTES = ["scenario", "t", "link", "theme", "controls"];

export class KeepAliveExplainer extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ATTRIBUTES;
  #opening;
  #handle;
  #state;

  connectedCallback() {
    if (!this.#opening) near.observe(this);
  }

  disconnectedCallback() {
    // An element that is only moved keeps its state.
    queueMicrotask(() => {
      if (this.isConnected) return;
      near.unobserve(this);
      this.#handle?.unmount();
      this.#handle = this.#opening = undefined;
      this.shadowRoot?.replaceChildren(document.createElement("slot"));
    });
  }

  attributeChangedCallback(name, old, value) {
    if (!this.#handle || old === value) return;
    if (name === "theme") this.shadowRoot.querySelector(".kae").dataset.theme = this.theme;
    if (name === "theme" || name === "controls") this.#handle.update({ [name]: this[name] });
    else this.#handle.update({ link: name === "t" ? at(this.state, value) : this.#wanted() });
  }

  /** The state as a link's fragment. */
  get state() {
    return this.#state ?? this.#wanted();
  }

  /** What the attributes ask for. */
  #wanted() {
    const link = this.link?.replace(/^[#?]/, "") || (this.scenario ? `v=1&scenario=${this.scenario}` : "");
    return this.t ? at(link, this.t) : link;
  }

  /** Loads and mounts now, without waiting until the element is near the screen. */
  open() {
    near.unobserve(this);
    return (this.#opening ??= this.#open());
  }

  async #open() {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const slot = document.createElement("slot"); // what the page put here, until we are ready
    shadow.replaceChildren(slot);
    const tell = (name, detail) =>
      this.dispatchEvent(new CustomEvent(`kae-${name}`, { detail, bubbles: true, composed: true }));
    try {
      shadow.adoptedStyleSheets = await styles();
    } catch (error) {
      shadow.append(stopped(UNLOADED, String(error), this.state));
      return;
    }
    if (!this.isConnected) return;
    const root = document.createElement("div");
    root.className = "kae";
    root.dataset.theme = this.theme;
    shadow.append(root);
    this.#handle = await start(root, {
      mode: "embed",
      link: this.state,
      theme: this.theme,
      controls: this.controls,
      onready: () => {
        slot.remove();
        tell("ready");
      },
      onverdict: (text) => tell("verdict", text),
      onstate: (link) => {
        this.#state = link;
        tell("statechange", link);
      },
      onfail: () => shadow.prepend(slot),
    });
    if (!this.isConnected) this.disconnectedCallback();
  }
}

const DEFAULTS = { theme: "auto", controls: "full" };
for (const name of ATTRIBUTES) {
  Object.defineProperty(KeepAliveExplainer.prototype, name, {
    get() {
      return this.getAttribute(name) ?? DEFAULTS[name] ?? null;
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

if (globalThis.customElements && !customElements.get("keep-alive-explainer")) {
  // The room is kept from the start, so that nothing jumps; any rule of the host's wins.
  const room = new CSSStyleSheet();
  room.replaceSync(
    ":where(keep-alive-explainer){display:block;min-height:440px}" +
      "@media(max-width:700px){:where(keep-alive-explainer){min-height:720px}}",
  );
  document.adoptedStyleSheets.push(room);
  customElements.define("keep-alive-explainer", KeepAliveExplainer);
}

/**
 * Puts an explainer into any element, after what it holds. Options: scenario, t, link, theme,
 * controls, and the functions onready, onverdict(text), onstate(link).
 */
export async function mount(element, options = {}) {
  const widget = document.createElement("keep-alive-explainer");
  const update = (changes) => {
    for (const name of ATTRIBUTES) if (name in changes) widget[name] = changes[name];
  };
  update(options);
  for (const [name, event] of [["onready", "ready"], ["onverdict", "verdict"], ["onstate", "statechange"]]) {
    widget.addEventListener(`kae-${event}`, ({ detail }) => options[name]?.(detail));
  }
  element.append(widget);
  await widget.open();
  return { element: widget, update, state: () => widget.state, unmount: () => widget.remove() };
}
