// What a person does with units, from opening one to the directory generated of it.
import assert from "node:assert/strict";

const UNIT = `[Unit]
Description=Web server of %H
After=network.target

[Service]
# Port 80 needs more than www-data may do.
ExecStart=+/usr/bin/web --port \${PORT}
Environment=PORT=80
User=www-data
Restart=on-failur
PrivateTmp=yes
Nice=5

[Install]
WantedBy=multi-user.target
`;

/** What the folder holds at first. */
export const files = () => ({
  "web.service": UNIT,
  "web.service.d/limits.conf": "[Service]\nLimitNOFILE=4096\n",
});

/** The steps, by what they show. Each goes on from the one before. */
export const steps = {
  "a unit is highlighted": async workbench => {
    await workbench.open("web.service", "systemd unit");
    await workbench.differ(["Service", "User", "www-data", "# Port 80 needs more than www-data may do.", "yes", "5"]);
    await workbench.differ(["ExecStart", "/usr/bin/web", "--port", "# Port 80 needs more than www-data may do."]);
  },

  "a drop-in is a unit": async workbench => {
    await workbench.open("web.service.d/limits.conf", "systemd unit");
    await workbench.differ(["Service", "LimitNOFILE", "4096"]);
  },

  "a mistake is underlined": async workbench => {
    await workbench.open("web.service", "systemd unit");
    await workbench.editor.locator(".squiggly-error").first().waitFor();
    await workbench.page.locator('[id="status.problems"]', { hasText: "1" }).waitFor();
  },

  "a directive explains itself": async (workbench, picture) => {
    await workbench.goTo(11, 3);
    await workbench.command("Show or Focus Hover");
    const hover = workbench.page.locator(".monaco-hover:not(.hidden)", { hasText: "PrivateTmp" });
    await hover.filter({ hasText: "runit" }).waitFor();
    await picture("hover");
    await workbench.page.keyboard.press("Escape");
    await hover.waitFor({ state: "hidden" });
  },

  "a quick fix is applied": async workbench => {
    await workbench.goTo(10, 10);
    await workbench.page.keyboard.press("Control+.");
    await workbench.act('Replace with "on-failure"');
    await workbench.line("Restart=on-failure");
    await workbench.editor.locator(".squiggly-error").waitFor({ state: "detached" });
  },

  "a directive and its value are completed": async workbench => {
    await workbench.goTo(12, 7);
    await workbench.page.keyboard.press("Enter");
    await workbench.page.keyboard.type("KillMo");
    await workbench.take("KillMode");
    await workbench.line("KillMode=");
    await workbench.page.keyboard.press("Control+Space");
    await workbench.take("mixed");
    await workbench.line("KillMode=mixed");
    await workbench.save();
    assert.match(workbench.read("web.service"), /^KillMode=mixed$/m);
  },

  "a unit is formatted": async workbench => {
    await workbench.goTo(13, 1);
    await workbench.page.keyboard.type(" OOMScoreAdjust  =  -5\n");
    await workbench.command("Format Document");
    await workbench.line("OOMScoreAdjust=-5");
  },

  "a server that is started anew says the same": async workbench => {
    await workbench.goTo(9, 1);
    await workbench.page.keyboard.type("Usr=nobody\n");
    await workbench.editor.locator(".squiggly-error, .squiggly-warning").first().waitFor();
    await workbench.command("svlsp: Restart Server");
    await workbench.status("svlsp");
    await workbench.editor.locator(".squiggly-error, .squiggly-warning").first().waitFor();
  },
};
