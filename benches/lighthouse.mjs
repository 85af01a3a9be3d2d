// Lighthouse's scores for dist/: `cargo xtask lighthouse`.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch, serveFolder } from "../tests/e2e/lib.mjs";

const packages = process.env.KAE_PACKAGES;
if (!packages) throw new Error("start it with `cargo xtask lighthouse`, which installs it");
const require = createRequire(join(packages, "package.json"));
const { default: lighthouse, desktopConfig } = await import(pathToFileURL(require.resolve("lighthouse")));

const PORT = 9333;
const site = await serveFolder();
const browser = await launch([`--remote-debugging-port=${PORT}`]);
let low = false;
for (const [name, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
  const { lhr } = await lighthouse(site.base, { port: PORT, logLevel: "error" }, config);
  const scores = Object.values(lhr.categories).map(({ title, score }) => `${title} ${Math.round(score * 100)}`);
  console.log(`${name}: ${scores.join(", ")}`);
  for (const { score, auditRefs } of Object.values(lhr.categories)) {
    if (score === 1) continue;
    low = true;
    for (const { id, weight } of auditRefs) {
      const audit = lhr.audits[id];
      if (weight && audit.score !== null && audit.score < 1) console.log(`  ${id}: ${audit.title} ${audit.displayValue ?? ""}`);
    }
  }
}
if (low) console.log("\nScores under 100 name the audits that cost them.");
await browser.close();
site.close();
