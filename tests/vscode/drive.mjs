// Drives the packaged extension in a real workbench: drive.mjs TOOLS VSIX PICTURES
//
// Each step says what it found missing, with a picture of the window at that moment. Those after it
// are run all the same, as far as they can be.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { editing, files } from "./editing.mjs";
import { strangeFiles, trust } from "./trust.mjs";
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
      }
    }
  } finally {
    await workbench.stop();
  }
}

await run(editing, { files });
await run(trust, { files: strangeFiles, trusted: false });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
