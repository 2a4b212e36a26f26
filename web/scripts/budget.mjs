// Says how much a first visit loads and fails when it is over the budget. All sizes are gzip.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const FIRST_LOAD = 200_000;
const CHUNK = 60_000;
const EDITOR = 140_000; // TipTap with ProseMirror; read when the first conversation opens
const dist = join(import.meta.dirname, "../../internal/webui/dist");
const size = (name) => statSync(join(dist, `${name}.gz`)).size;

const html = readFileSync(join(dist, "index.html"), "utf8");
const first = new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]));
const scripts = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith(".js.gz")).map((name) => name.slice(0, -3));
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
let over = false;

function line(name, bytes, budget) {
  const bad = bytes > budget;
  over ||= bad;
  console.log(`${bad ? "OVER" : "ok  "} ${kilobytes(bytes).padStart(9)} of ${kilobytes(budget).padStart(9)}  ${name}`);
}
line("first load: page, scripts and styles", [...first, "index.html"].reduce((sum, name) => sum + size(name), 0), FIRST_LOAD);
for (const name of scripts.filter((each) => !first.has(each))) line(name, size(name), /Editor-/.test(name) ? EDITOR : CHUNK);
process.exit(over ? 1 : 0);
