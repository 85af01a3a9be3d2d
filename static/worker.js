// The tuning plot's runs, one for each message, apart from the page. An own file: the policy forbids
// scripts that are put together.
import init, { tune_point } from "./explainer.js";

const ready = init({ module_or_path: new URL("explainer_bg.wasm", import.meta.url) });

onmessage = async ({ data }) => {
  try {
    await ready;
    postMessage(tune_point(data));
  } catch {
    // The page computes it itself.
    postMessage(null);
  }
};
