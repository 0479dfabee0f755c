// Makes `svlsp-PLATFORM.vsix` with the server inside.
//
// `SVLSP_BINARY` names the server; without it, cargo builds one.
// Arguments are handed on to vsce: `--out FILE`.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = "..";
const program = process.platform === "win32" ? "svlsp.exe" : "svlsp";

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function binary() {
  if (process.env.SVLSP_BINARY) return process.env.SVLSP_BINARY;
  const manifest = join(root, "Cargo.toml");
  run("cargo", "build", "--release", "--locked", "--package", "svlsp", "--manifest-path", manifest);
  return join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release", program);
}

rmSync("bin", { recursive: true, force: true });
mkdirSync("bin");
copyFileSync(binary(), join("bin", program));
chmodSync(join("bin", program), 0o755);
const licenses = ["LICENSE-MIT", "LICENSE-APACHE"].map(name => readFileSync(join(root, name), "utf8"));
writeFileSync("LICENSE", licenses.join("\n\n"));

run(process.execPath, "scripts/build.mjs", "--minify");
const vsce = join("node_modules", "@vscode", "vsce", "vsce");
const target = `${process.platform}-${process.arch}`;
run(process.execPath, vsce, "package", "--no-dependencies", "--target", target, ...process.argv.slice(2));
