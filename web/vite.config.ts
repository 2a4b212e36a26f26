import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` shows this code against a running rapport, by default the one of `make run`.
const server = process.env["RAPPORT_DEV_SERVER"] ?? "http://127.0.0.1:8080";

// What the first screen needs is one file: in many small ones it would be larger and later.
const codeSplitting = { groups: [{ name: "first", test: /src[\\/]app[\\/](start|routes|Gate)\.tsx$/ }] };

export default defineConfig({
  plugins: [react()],
  build: { outDir: "../internal/webui/dist", emptyOutDir: true, target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false }, rolldownOptions: { input: ["index.html", "preview.html"], output: { codeSplitting } } },
  server: { proxy: { "/api": { target: server, ws: true }, "^/widget": { target: server, ws: true } } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
