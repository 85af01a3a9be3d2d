// Starts the explainer on the page. An own file: inline scripts are forbidden by the policy.
const here = (name) => new URL(name, import.meta.url);
const { default: init, mount } = await import(here("explainer.js"));
await init({ module_or_path: here("explainer_bg.wasm") });
mount(document.getElementById("app"), { mode: "page", link: location.hash.slice(1) });
