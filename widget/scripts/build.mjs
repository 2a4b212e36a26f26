// Builds the panel, then the loader that asks for exactly this panel, into internal/webui/dist-widget.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

const root = join(import.meta.dirname, "..");
const dist = join(root, "../internal/webui/dist-widget");
const texts = /\.js$/;

const common = {
  root,
  configFile: false,
  logLevel: "warn",
  publicDir: false,
};

// Built as a library, since a page's preloading is not ours to arrange.
async function bundle(source, format, file, more) {
  const [{ output }] = await build({
    ...common,
    ...more,
    build: {
      write: false, target: "es2022", cssTarget: "esnext", minify: true, reportCompressedSize: false,
      lib: { entry: join(root, source), formats: [format], name: "unused" },
      rolldownOptions: { preserveEntrySignatures: "allow-extension", output: { entryFileNames: file, chunkFileNames: "widget/[name]-[hash].js", minify: true } },
    },
  });
  return output;
}

function write(name, text) {
  const path = join(dist, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

// The classic way of JSX: smaller than the runtime of the other.
const jsx = { oxc: { jsx: { runtime: "classic", pragma: "_h", pragmaFrag: "_F" }, jsxInject: 'import { h as _h, Fragment as _F } from "preact"' } };
// Advice to bundlers, not to browsers. Where it parts two words a space does so.
const text = (file) => (file.code ?? file.source).replaceAll(/(?<=\w)\/\* @__PURE__ \*\/ /g, " ").replaceAll("/* @__PURE__ */", "");

rmSync(dist, { recursive: true, force: true });
const panel = await bundle("src/panel.tsx", "es", "widget/panel-[hash].js", jsx);
for (const file of panel) write(file.fileName, text(file));
const entry = panel.find((file) => file.isEntry).fileName;
// Its name without a hash, and what a page gets that still asks for an older one.
write("widget/panel.js", `export*from"./${entry.replace("widget/", "")}";`);

const [loader] = await bundle("src/loader.ts", "iife", "widget.js", { define: { __PANEL__: JSON.stringify(entry) } });
write("widget.js", text(loader));

// The server never compresses on the way.
for (const name of readdirSync(dist, { recursive: true })) {
  if (!texts.test(name)) continue;
  const bytes = readFileSync(join(dist, name));
  write(`${name}.gz`, gzipSync(bytes, { level: 9 }));
  write(`${name}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
}
