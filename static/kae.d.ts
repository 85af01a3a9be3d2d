// The explainer in any page. What the wasm module itself exports stands in explainer.d.ts.

export interface Options {
  /** A scenario of the catalogue. */
  scenario?: string;
  /** The instant that is shown: `5.2s`. */
  t?: string;
  /** A whole state, as in a link: `v=1&scenario=…`. */
  link?: string;
  theme?: "auto" | "light" | "dark";
  controls?: "full" | "min";
}

export interface Listeners {
  /** The first view is painted and answers input. */
  onready?: () => void;
  /** The verdict, one sentence. */
  onverdict?: (text: string) => void;
  /** The state as a link's fragment, whenever it changes. */
  onstate?: (link: string) => void;
}

export interface Mounted {
  readonly element: KeepAliveExplainer;
  /** Changes what is named and leaves the rest. */
  update(changes: Options): void;
  /** The state as a link's fragment. */
  state(): string;
  unmount(): void;
}

/** Puts an explainer into any element, after what it holds. */
export function mount(element: Element, options?: Options & Listeners): Promise<Mounted>;

/**
 * `<keep-alive-explainer>`. Loads when it is near the screen and shows its content until then.
 * Events: `kae-ready`, `kae-verdict` (detail: the sentence), `kae-statechange` (detail: the link).
 */
export class KeepAliveExplainer extends HTMLElement {
  scenario: string | null;
  t: string | null;
  link: string | null;
  theme: string;
  controls: string;
  /** The state as a link's fragment. */
  readonly state: string;
  /** Loads and mounts now. */
  open(): Promise<void>;
}

/** The wasm module with the JSON functions, fetched once, when it is first asked for. */
export function load(): Promise<typeof import("./explainer.js")>;

declare global {
  interface HTMLElementTagNameMap {
    "keep-alive-explainer": KeepAliveExplainer;
  }
}
