// Builds the service worker into /sw.js. It knows by name every file of this build, so it is made after all of them; the
// page gets the same version, by which the two recognise each other.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const web = join(import.meta.dirname, "..");
const dist = join(web, "../internal/webui/dist");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

// The page of the chat's preview is no part of the application. Letters come with the first look at them, but for those of
// our languages that nearly everybody sees.
const assets = readdirSync(join(dist, "assets")).sort();
const isFont = (name) => name.endsWith(".woff2");
const isFirst = (name) => /^inter-latin(-ext)?-/.test(name);
const later = assets.filter((name) => isFont(name) && !isFirst(name));
const first = assets.filter((name) => !later.includes(name) && !name.startsWith("preview-"));

const bundle = await build({
  root: web, configFile: false, logLevel: "warn",
  build: { write: false, target: "es2023", rolldownOptions: { input: join(web, "src/worker/start.ts"), output: { format: "iife", entryFileNames: "sw.js" } } },
});
const code = bundle.output[0].code;

const named = readFileSync(join(dist, "index.html"), "utf8");
const version = sha256([code, named, readFileSync(join(dist, "theme.js"), "utf8"), ...assets].join("\n")).slice(0, 16);
const page = named.replace('name="rapport-version" content=""', `name="rapport-version" content="${version}"`);
if (page === named) throw new Error("index.html has no place for the version");
writeFileSync(join(dist, "index.html"), page);

const path = (name) => `/assets/${name}`;
const shell = { version, page: sha256(page), files: ["/", "/theme.js", "/icon.svg", ...first.map(path)], later: later.map(path) };
writeFileSync(join(dist, "sw.js"), `const SHELL=${JSON.stringify(shell)};\n${code}`);
