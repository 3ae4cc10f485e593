import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The API that `npm run dev` talks to: a running `dvmdash up`, or dev/mock-server.mjs.
const api = process.env.DVMDASH_API ?? "http://127.0.0.1:8490";

export default defineConfig({
  plugins: [svelte()],
  base: "/",
  build: {
    outDir: "../dvmdash/web/static",
    emptyOutDir: true,
    target: "es2022",
    manifest: true,
    // Everything comes from a file of ours: the pages' content security policy allows no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/graphql": { target: api, ws: true } },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
