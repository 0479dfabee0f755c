// What a folder that nobody trusts can make the extension run: nothing.
import assert from "node:assert/strict";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";

/** A folder whose settings name a program of its own as the server. */
export const files = folder => ({
  "web.service": "[Service]\nExecStart=/bin/web\nRestart=on-failur\n",
  svlsp: '#!/bin/sh\ncd "$(dirname "$0")" && touch executed\n',
  ".vscode/settings.json": JSON.stringify({ "svlsp.server.path": join(folder, "svlsp") }),
});

/** The steps, by what they show. */
export const steps = {
  "the server is the bundled one, not the folder's": async workbench => {
    chmodSync(join(workbench.folder, "svlsp"), 0o755);
    await workbench.open("web.service", "systemd unit");
    await workbench.editor.locator(".squiggly-error").first().waitFor();
    await workbench.command("svlsp: Restart Server");
    await workbench.editor.locator(".squiggly-error").first().waitFor();
    assert.ok(!existsSync(join(workbench.folder, "executed")), "the folder's program was run");
  },

  "once it is trusted, the folder's own is run": async workbench => {
    await workbench.command("Workspaces: Manage Workspace Trust");
    await workbench.page.getByRole("button", { name: "Trust", exact: true }).click();
    await workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "executed" }).waitFor();
  },
};
