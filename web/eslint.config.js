import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** A feature knows the kit, the client and the shell, never another feature. */
const FEATURES = ["contacts", "invoicing", "events", "identity", "notifications", "audit"];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    files: ["**/*.{ts,tsx}"],
    rules: { "max-lines": ["error", 400], "@typescript-eslint/no-non-null-assertion": "error" },
  },
  {
    files: ["scripts/*.js", "public/*.js"],
    languageOptions: {
      globals: {
        console: "readonly",
        process: "readonly",
        document: "readonly",
        localStorage: "readonly",
        navigator: "readonly",
        matchMedia: "readonly",
      },
    },
  },
  ...FEATURES.map((feature) => ({
    files: [`src/${feature}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: FEATURES.filter((other) => other !== feature).map((other) => `**/${other}/*`) },
      ],
    },
  })),
);
