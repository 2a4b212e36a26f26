// Says how much the widget loads and fails when it is over the budget. All sizes are gzip.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const LOADER = 2_000;
const PANEL = 25_000; // what opening it loads: Preact, the first screen, the session, its style sheet, the largest catalogue
const LATER = 12_000; // the conversation, read while one looks at the first screen
const dist = join(import.meta.dirname, "../../internal/webui/dist-widget");
const size = (name) => statSync(join(dist, `${name}.gz`)).size;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(2)} kB`;
let over = false;

function line(name, bytes, budget) {
  const bad = bytes > budget;
  over ||= bad;
  console.log(`${bad ? "OVER" : "ok  "} ${kilobytes(bytes).padStart(9)} of ${kilobytes(budget).padStart(9)}  ${name}`);
}
const files = readdirSync(join(dist, "widget")).filter((name) => name.endsWith(".js")).map((name) => `widget/${name}`);
const words = files.filter((name) => /\/(en|ko|pl|ar)-/.test(name));
const panel = files.find((name) => /\/panel-/.test(name));
const first = new Set([panel, ...words]);
line("widget.js", size("widget.js"), LOADER);
line("opening the panel: script, style, largest catalogue", size(panel) + Math.max(...words.map(size)), PANEL);
for (const name of files) if (!first.has(name) && name !== "widget/panel.js") line(`${name}, after it`, size(name), LATER);
process.exit(over ? 1 : 0);
