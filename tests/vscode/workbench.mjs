// VS Code's workbench in a headless browser, with nothing of the user who runs the tests.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** How long anything may take that is waited for, in milliseconds. */
const PATIENCE = 20_000;

/** Our item in the status bar. */
export const STATUS = '[id^="svlsp.svlsp"]';

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
  "chat.commandCenter.enabled": false,
  "files.autoSave": "off",
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
    const places = [
      "--user-data-dir",
      join(this.scratch, "data"),
      "--extensions-dir",
      join(this.scratch, "extensions"),
    ];
    const env = { PATH: process.env.PATH, HOME: this.scratch, XDG_CONFIG_HOME: this.scratch, LANG: "C.UTF-8" };
    const installed = spawnSync(process.execPath, [entry, ...places, "--install-extension", vsix], { env });
    if (installed.status !== 0)
      throw new Error(`the extension can't be installed:\n${installed.stdout}${installed.stderr}`);

    const address = ["--auth", "none", "--bind-addr", "127.0.0.1:0"];
    const quiet = ["--disable-telemetry", "--disable-update-check", ...(trusted ? ["--disable-workspace-trust"] : [])];
    // In a process group of its own, so that all it starts can be ended with it.
    this.server = spawn(process.execPath, [entry, ...address, ...quiet, ...places], { env, detached: true });
    const origin = await listening(this.server);

    const { chromium } = createRequire(join(tools, "package.json"))("playwright-core");
    const executablePath = spawnSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).stdout.trim();
    this.browser = await chromium.launch({ executablePath, args: CHROMIUM });
    this.page = await this.browser.newPage({ viewport: { width: 1440, height: 640 } });
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

  /** Opens a file of the folder by its path, and waits until the editor knows its language. */
  async open(path, language) {
    const [name, ...folders] = path.split("/").reverse();
    for (const folder of folders.reverse()) {
      const row = this.#explorer(folder);
      if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
    }
    await this.#explorer(name).dblclick();
    this.editor = this.page.locator(`.monaco-editor[data-uri$="/units/${encodeURI(path).replaceAll("@", "%40")}"]`);
    await this.editor.locator(".view-line").first().click();
    await this.page.locator('[id="status.editor.mode"]', { hasText: language }).waitFor();
  }

  /** The row of a file or a folder. */
  #explorer(name) {
    const label = this.page.locator(".label-name", { hasText: new RegExp(`^${name.replaceAll(".", "\\.")}$`) });
    return this.page.locator(".explorer-folders-view .monaco-list-row", { has: label });
  }

  /** Runs a command by its title, and waits for the list that it opens: its title, if it does. */
  async command(title, list) {
    await (await this.#input("F1")).fill(`>${title}`);
    await this.#row(title).click();
    await this.#listed(list);
  }

  /** Takes an entry of the list that is open. */
  async choose(label) {
    await this.#row(label).click();
    await this.#listed();
  }

  #row(label) {
    return this.page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
  }

  /** Waits until the list of this title is open, or none. */
  async #listed(title) {
    if (title) await this.page.locator(".quick-input-title", { hasText: title }).waitFor();
    else await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Opens the field over the window by `key`; a workbench that still starts doesn't hear it. */
  async #input(key) {
    const input = this.page.locator(".quick-input-widget input.input");
    const shown = () =>
      input.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
    do await this.page.keyboard.press(key);
    while (!(await shown()));
    return input;
  }

  /** Takes an action of the menu that is open. */
  async act(title) {
    const action = this.page.locator(".action-widget .monaco-list-row.action", { hasText: title }).first();
    // The menu lies below a pane until the mouse moves.
    await action.hover({ force: true });
    await action.click();
  }

  /** Waits until something is suggested, and takes it. */
  async take(label) {
    await this.page.locator(".suggest-widget.visible .monaco-list-row", { hasText: label }).first().click();
  }

  /** Each of these tokens is coloured otherwise than the others; the first is but a part of its line. */
  async differ(texts) {
    const colors = [];
    for (const text of texts) {
      const exactly = new RegExp(`^\\s*${text.replaceAll(/[^\w\s]/g, "\\$&").replaceAll(" ", "\\s")}\\s*$`);
      const token = this.editor.locator(".view-line span > span", { hasText: exactly }).first();
      colors.push(await token.evaluate(node => getComputedStyle(node).color));
    }
    const told = texts.map((text, at) => `${text}: ${colors[at]}`).join("\n");
    assert.equal(new Set(colors).size, texts.length, told);
  }

  /** Waits until our item in the status bar says `text`. */
  async status(text) {
    await this.page.locator(STATUS, { hasText: text }).waitFor();
  }

  /** Saves the file that has been changed. */
  async save() {
    const changed = this.page.locator(".tab.active.dirty");
    await changed.waitFor();
    await this.page.keyboard.press("Control+S");
    await changed.waitFor({ state: "detached" });
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

  /** Takes a picture of the window, the mouse where it points at nothing. */
  async picture(path) {
    await this.page.mouse.move(640, 600);
    await this.page.screenshot({ path, animations: "disabled" });
  }

  /** Waits until a code lens right above a line of this text has a title, and clicks it: the last one. */
  async clickLens(line, title) {
    const found = this.editor.locator(".codelens-decoration", { hasText: title });
    await found.first().waitFor();
    const { y } = await this.editor.locator(".view-line", { hasText: line }).first().boundingBox();
    for (const lenses of await found.all()) {
      const box = await lenses.boundingBox();
      if (box && y - box.y > 0 && y - box.y < 2 * box.height)
        return lenses.locator("a", { hasText: title }).last().click();
    }
    throw new Error(`no lens ${title} above ${line}`);
  }

  /** Waits until a line of the editor contains a text, or matches a pattern. */
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
