// Runs the tests that need no editor with node's own runner.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist/test", { recursive: true, force: true });
const entryPoints = readdirSync("test").map(name => `test/${name}`);
await build({ entryPoints, outdir: "dist/test", bundle: true, format: "cjs", platform: "node", target: "node20" });
const built = readdirSync("dist/test").map(name => `dist/test/${name}`);
process.exitCode = spawnSync(process.execPath, ["--test", ...built], { stdio: "inherit" }).status ?? 1;
