// VS Code's workbench in a headless browser, with nothing of the user who runs the tests.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** How long anything may take that is waited for, in milliseconds. */
const PATIENCE = 20_000;

const CHROMIUM = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "editor.minimap.enabled": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.reduceMotion": "on",
  "security.workspace.trust.startupPrompt": "never",
};

/** A directory of its own, a server, a browser, a window. */
export class Workbench {
  /**
   * Starts everything; `tools` is where code-server is installed, `files` gives those of the open folder,
   * once that has a path.
   */
  static async start({ tools, vsix, files, settings = {}, trusted = true }) {
    const workbench = new Workbench();
    workbench.scratch = mkdtempSync(join(tmpdir(), "svlsp-vscode-"));
    try {
      await workbench.#start({ tools, vsix, files, settings, trusted });
      return workbench;
    } catch (error) {
      await workbench.stop();
      throw error;
    }
  }

  async #start({ tools, vsix, files, settings, trusted }) {
    this.folder = join(this.scratch, "units");
    for (const [name, text] of Object.entries(files(this.folder))) this.#write(join("units", name), text);
    this.#write("data/User/settings.json", JSON.stringify({ ...SETTINGS, ...settings }));

    const entry = join(tools, "node_modules/code-server/out/node/entry.js");
    const places = ["--user-data-dir", join(this.scratch, "data"), "--extensions-dir", join(this.scratch, "extensions")];
    const env = { PATH: process.env.PATH, HOME: this.scratch, XDG_CONFIG_HOME: this.scratch, LANG: "C.UTF-8" };
    const installed = spawnSync(process.execPath, [entry, ...places, "--install-extension", vsix], { env });
    if (installed.status !== 0) throw new Error(`the extension can't be installed:\n${installed.stdout}${installed.stderr}`);

    const address = ["--auth", "none", "--bind-addr", "127.0.0.1:0"];
    const quiet = ["--disable-telemetry", "--disable-update-check", ...(trusted ? ["--disable-workspace-trust"] : [])];
    // In a process group of its own, so that all it starts can be ended with it.
    this.server = spawn(process.execPath, [entry, ...address, ...quiet, ...places], { env, detached: true });
    const origin = await listening(this.server);

    const { chromium } = createRequire(join(tools, "package.json"))("playwright-core");
    const executablePath = spawnSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).stdout.trim();
    this.browser = await chromium.launch({ executablePath, args: CHROMIUM });
    this.page = await this.browser.newPage({ viewport: { width: 1280, height: 720 } });
    this.page.setDefaultTimeout(PATIENCE);
    await this.page.goto(`${origin}/?folder=${encodeURIComponent(this.folder)}`);
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
  }

  #write(name, text) {
    const path = join(this.scratch, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  async stop() {
    await this.browser?.close();
    if (this.server?.pid !== undefined && this.server.exitCode === null) {
      const ended = new Promise(resolve => this.server.once("exit", resolve));
      process.kill(-this.server.pid, "SIGKILL");
      await ended;
    }
    rmSync(this.scratch, { recursive: true, force: true, maxRetries: 5 });
  }

  /** What a file of the open folder holds on disk. */
  read(name) {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Opens a file of the folder by its name, and waits until the editor knows its language. */
  async open(name, language) {
    await this.pick("Control+P", name);
    await this.page.locator('[id="status.editor.mode"]', { hasText: language }).waitFor();
    this.editor = this.page.locator(`.monaco-editor[data-uri$="/${name}"]`);
    await this.editor.locator(".view-line").first().click();
  }

  /** Runs a command by its title. */
  async command(title) {
    await this.pick("F1", `>${title}`, title);
  }

  /** Opens a list by `key`, narrows it down to `text` and takes the entry called `label`. */
  async pick(key, text, label = text) {
    await (await this.#input(key)).fill(text);
    await this.choose(label);
  }

  /** Opens the field over the window by `key`; a workbench that still starts doesn't hear it. */
  async #input(key) {
    const input = this.page.locator(".quick-input-widget input.input");
    const shown = () => input.waitFor({ timeout: 2_000 }).then(() => true, () => false);
    do await this.page.keyboard.press(key);
    while (!(await shown()));
    return input;
  }

  /** Takes an entry of the list that is open. */
  async choose(label) {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
    await row.click();
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Puts the cursor at a line and a column, both from 1. */
  async goTo(line, column) {
    const input = await this.#input("Control+G");
    await input.fill(`:${line}:${column}`);
    await input.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await this.page.locator('[id="status.editor.selection"]', { hasText: `Ln ${line}, Col ${column}` }).waitFor();
  }

  /** The lines that an editor shows, hints and all. */
  async lines(editor = this.editor) {
    const lines = await editor.locator(".view-line").evaluateAll(nodes =>
      nodes
        .map(node => ({ top: Number.parseInt(node.style.top, 10), text: node.textContent ?? "" }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll("\u00a0", " ")),
    );
    return lines;
  }

  /** Takes a picture of the window. */
  async picture(path) {
    await this.page.screenshot({ path, animations: "disabled" });
  }

  /** Waits until a line of the editor contains `text`. */
  async line(text, editor = this.editor) {
    await editor.locator(".view-line", { hasText: text }).first().waitFor();
  }
}

/** Where the server listens, once it says so. */
function listening(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`code-server doesn't listen:\n${said}`)), PATIENCE);
    const hear = data => {
      said += data;
      const found = /listening on (http:\/\/[^/\s]+)/.exec(said);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[1]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.once("exit", status => reject(new Error(`code-server ended with ${status}:\n${said}`)));
  });
}
