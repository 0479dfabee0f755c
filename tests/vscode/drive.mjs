// Drives the packaged extension in a real workbench: drive.mjs TOOLS VSIX PICTURES
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Workbench } from "./workbench.mjs";

const [tools, vsix, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });

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

const CONF = `[program:web]
; the port
command=/usr/bin/web --port %(ENV_PORT)s
autostart=true
`;

const files = {
  "web.service": UNIT,
  "web.service.d/limits.conf": "[Service]\nLimitNOFILE=4096\n",
  "supervisord.conf": CONF,
};

const steps = [];
const step = (name, run) => steps.push({ name, run });

step("highlighting of a unit", async ({ workbench }) => {
  await workbench.open("web.service", "systemd unit");
  await workbench.line("Description");
  const classes = await tokenClasses(workbench, ["[", "Service", "User", "www-data", "# Port 80 needs more than www-data may do."]);
  assert.equal(new Set(classes).size, 5, `five kinds of tokens are told apart: ${classes}`);
});

let failed = 0;
const workbench = await Workbench.start({ tools, vsix, files });
const picture = name => workbench.page.screenshot({ path: join(pictures, `${name}.png`) });
try {
  for (const { name, run } of steps) {
    const begun = performance.now();
    try {
      await run({ workbench, page: workbench.page, picture });
      console.log(`ok      ${name} (${Math.round(performance.now() - begun)} ms)`);
    } catch (error) {
      failed += 1;
      await picture(`failed-${name.replaceAll(/\W+/g, "-")}`);
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
  }
} finally {
  await workbench.stop();
}
process.exitCode = failed === 0 ? 0 : 1;

/** The classes that colour these pieces of text. */
async function tokenClasses(workbench, texts) {
  const spans = await workbench.editor.locator(".view-line span > span").evaluateAll(nodes =>
    nodes.map(node => [node.textContent?.replaceAll("\u00a0", " "), node.className]),
  );
  return texts.map(text => spans.find(([word]) => word.trim() === text)?.[1] ?? `no token ${text} in ${JSON.stringify(spans)}`);
}
