import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { mock } from "./mock/plugin";

const server = process.env["RAPPORT_DEV_SERVER"];

// `npm run dev` talks to a running rapport when RAPPORT_DEV_SERVER names one, else to the small mock.
export default defineConfig({
  plugins: [react(), ...(server ? [] : [mock()])],
  build: { outDir: "../internal/webui/dist", emptyOutDir: true, target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: server ? { "/api": { target: server, ws: true } } : {} },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
