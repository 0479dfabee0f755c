// From a unit to the directory of another supervisor.
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { STATUS } from "./workbench.mjs";

const UNIT = `[Unit]
Description=Web server

[Service]
ExecStart=/usr/bin/web --port 8080
User=www-data
Nice=5
LimitNOFILE=4096
RestrictRealtime=yes
Restart=always

[Install]
WantedBy=multi-user.target
`;

/** What the folder holds at first. */
export const files = () => ({ "web.service": UNIT });

/** The steps, by what they show. Each goes on from the one before. */
export const steps = {
  "the chosen backend and its losses are in the status bar": async workbench => {
    await workbench.open("web.service", "systemd unit");
    await workbench.command("svlsp: Choose Backend");
    await workbench.choose("s6-rc");
    await workbench.status("s6-rc: ");
    await workbench.page.locator(STATUS).click();
    await workbench.choose("runit");
    await workbench.status("runit: ");
  },

  "the preview follows a keystroke": async (workbench, picture) => {
    await workbench.command("svlsp: Preview Service Directory");
    const preview = workbench.page.locator('.monaco-editor[data-uri^="svlsp-preview:"]');
    await workbench.line("web/run (executable)", preview);
    await workbench.goTo(5, 1);
    await workbench.page.keyboard.press("End");
    await workbench.page.keyboard.type(" --unsaved");
    await workbench.line("/usr/bin/web --port 8080 --unsaved", preview);
    await picture("preview");
    assert.equal(workbench.read("web.service"), UNIT, "what the preview shows is not saved");
  },

  "the losses follow too": async workbench => {
    const before = await workbench.page.locator(STATUS).textContent();
    await workbench.goTo(9, 1);
    await workbench.page.keyboard.type("SELinuxContext=a\nSmackProcessLabel=b\n");
    await workbench.page.locator(STATUS).filter({ hasNotText: before ?? "" }).waitFor();
    await workbench.page.keyboard.press("Control+Z");
  },

  "a directory is generated": async workbench => {
    await workbench.command("svlsp: Generate Service Directory");
    await workbench.page.locator(".notification-toast", { hasText: "web written" }).first().waitFor();
    const run = join(workbench.folder, "runit/web/run");
    assert.ok(existsSync(run), "the script is on disk");
    assert.match(workbench.read("runit/web/run"), /--unsaved/);
    assert.ok(statSync(run).mode & 0o100, "the script can be executed");
  },
};
