// Drives the packaged extension in a real workbench: drive.mjs TOOLS VSIX PICTURES
//
// Of a step that fails there is a picture of the window at that moment. Those that would go on from
// there are not run.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as converting from "./converting.mjs";
import * as editing from "./editing.mjs";
import * as supervising from "./supervising.mjs";
import * as trust from "./trust.mjs";
import { Workbench } from "./workbench.mjs";

const [tools, vsix, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });

let [passed, failed] = [0, 0];

/** Runs the steps one after the other in a window of their own. */
async function run(steps, options) {
  const workbench = await Workbench.start({ tools, vsix, ...options });
  const picture = name => workbench.picture(join(pictures, `${name}.png`));
  try {
    for (const [name, step] of Object.entries(steps)) {
      const begun = performance.now();
      try {
        await step(workbench, picture);
        passed += 1;
        console.log(`ok      ${name} (${Math.round(performance.now() - begun)} ms)`);
      } catch (error) {
        failed += 1;
        await picture(`failed-${name.replaceAll(/\W+/g, "-")}`);
        console.log(`FAILED  ${name}\n${error.stack}`);
        break;
      }
    }
  } finally {
    await workbench.stop();
  }
}

await run(editing.steps, { files: editing.files });
await run(converting.steps, { files: converting.files, settings: converting.settings });
await run(supervising.steps, { files: supervising.files, settings: supervising.settings });
await run(trust.steps, { files: trust.files, trusted: false });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
