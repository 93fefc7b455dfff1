import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` shows the working copy against a running installation; its address is in CRM_ADDRESS.
const installation = process.env.CRM_ADDRESS ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  server: { host: "127.0.0.1", proxy: { "/v1": installation } },
  // `manifest` tells scripts/budget.js what a first visit loads.
  build: {
    target: "es2022",
    manifest: true,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: { app: "index.html", widget: "src/contacts/forms/widget.ts" },
      // Websites name it, so its address stays.
      output: {
        entryFileNames: ({ name }) => (name === "widget" ? "forms/altcha.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: "src/app/wordsForTests.ts" },
});
