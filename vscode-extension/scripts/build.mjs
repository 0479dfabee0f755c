// Bundles the extension into one file. `--minify` for what people install.
import { build } from "esbuild";

await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  external: ["vscode"],
  format: "cjs",
  platform: "node",
  target: "node20",
  mainFields: ["module", "main"],
  minify: process.argv.includes("--minify"),
  logLevel: "warning",
});
