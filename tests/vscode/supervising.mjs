// What a person does with a supervisord.conf, from opening it to the directory of one of its programs.
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

const CONF = `[supervisord]
logfile=/var/log/supervisord.log

; the site
[program:web]
command=/usr/bin/web --root %(here)s # behind nginx
autorestart=unexpectd
stopwaitsecs=30
user=www-data
environment=MODE="fast"

[program:worker]
command=/usr/bin/worker --queue mail
startretries=3
`;

/** What the folder holds at first. */
export const files = () => ({ "supervisord.conf": CONF });

/** What the user has set. */
export const settings = { "svlsp.backend": ["systemd", "runit"], "svlsp.hints": "systemd" };

/** The steps, by what they show. Each goes on from the one before. */
export const steps = {
  "supervisord.conf is highlighted": async workbench => {
    await workbench.open("supervisord.conf", "supervisord.conf");
    await workbench.differ(["program", "command", "; the site", "%(here)s", "www-data", "30"]);
    await workbench.differ(["/usr/bin/web", "--root", "%(here)s", "# behind nginx"]);
  },

  "a value that supervisord refuses is underlined": async workbench => {
    await workbench.editor.locator(".squiggly-error").first().waitFor();
    await workbench.page.locator('[id="status.problems"]', { hasText: "1" }).waitFor();
  },

  "a key explains itself": async (workbench, picture) => {
    await workbench.goTo(8, 3);
    await workbench.command("Show or Focus Hover");
    const hover = workbench.page.locator(".monaco-hover:not(.hidden)", { hasText: "stopwaitsecs" });
    await hover.filter({ hasText: "runit" }).waitFor();
    await picture("supervisord-hover");
    await workbench.page.keyboard.press("Escape");
    await hover.waitFor({ state: "hidden" });
  },

  "a value is mended": async workbench => {
    await workbench.goTo(7, 15);
    await workbench.page.keyboard.press("Control+.");
    await workbench.act('Replace with "unexpected"');
    await workbench.line(/^autorestart=unexpected(\s|$)/);
    await workbench.editor.locator(".squiggly-error").waitFor({ state: "detached" });
  },

  "a key and its value are completed": async (workbench, picture) => {
    await workbench.goTo(14, 15);
    await workbench.page.keyboard.press("Enter");
    await workbench.page.keyboard.type("stopsi");
    await workbench.page.locator(".suggest-widget.visible .monaco-list-row").first().waitFor();
    await picture("supervisord-completion");
    await workbench.take("stopsignal");
    await workbench.line(/^stopsignal=/);
    await workbench.page.keyboard.press("Control+Space");
    await workbench.take("QUIT");
    await workbench.line(/^stopsignal=QUIT/);
    await workbench.save();
    assert.match(workbench.read("supervisord.conf"), /^stopsignal=QUIT$/m);
  },

  "hints tell what becomes of each line": async workbench => {
    await workbench.status("systemd: ");
    await workbench.line(/user=www-data\W*→\W*User=/);
  },

  "lenses tell what becomes of each program": async (workbench, picture) => {
    const lenses = workbench.editor.locator(".codelens-decoration", { hasText: /process.*runit: .*systemd: / });
    await lenses.nth(1).waitFor();
    await picture("supervisord-lenses");
  },

  "the preview of one program follows a keystroke": async (workbench, picture) => {
    await workbench.clickLens("[program:web]", "preview");
    const preview = workbench.page.locator('.monaco-editor[data-uri^="svlsp-preview:"]');
    await workbench.line("web.service", preview);
    await workbench.goTo(8, 1);
    await workbench.page.keyboard.press("End");
    await workbench.page.keyboard.type("0");
    await workbench.line("TimeoutStopSec=5min", preview);
    const lines = await workbench.lines(preview);
    assert.ok(!lines.some(line => line.includes("worker")), "the other program is not shown");
    await workbench.command("View: Toggle Primary Side Bar Visibility");
    await workbench.page.keyboard.press("Home");
    await picture("supervisord");
    await workbench.page.keyboard.press("Control+Z");
  },

  "the preview of all is there too": async workbench => {
    await workbench.command("svlsp: Preview Service Directory");
    const preview = workbench.page.locator('.monaco-editor[data-uri^="svlsp-preview:"]:not([data-uri*="program"])');
    await workbench.line("worker.service", preview);
  },

  "the directory of one program is written": async workbench => {
    await workbench.goTo(13, 3);
    await workbench.command("Refactor...");
    await workbench.act("Generate runit directory of [program:worker]");
    await workbench.page.locator(".notification-toast", { hasText: "runit/worker written" }).first().waitFor();
    const run = join(workbench.folder, "runit/worker/run");
    assert.ok(statSync(run).mode & 0o100, "the script can be executed");
    assert.match(workbench.read("runit/worker/run"), /--queue mail/);
    assert.ok(!existsSync(join(workbench.folder, "runit/web")), "the other program's isn't");
  },
};
