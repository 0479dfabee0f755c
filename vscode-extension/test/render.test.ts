import { equal } from "node:assert/strict";
import { test } from "node:test";
import { describe, losses, render } from "../src/render.ts";

const NONE = { native: 0, emulated: 0, approximated: 0, lost: 0, irrelevant: 0 };

test("a directory is one text with headings", () => {
  const text = render("web.service", "runit", {
    files: [
      { path: "web/data/tool", content: "#!/bin/sh\n", executable: true },
      { path: "web/down", content: "", executable: false },
      { path: "web/env/", content: "", executable: false },
      { path: "web/run", content: "#!/bin/sh\nexec web\n", executable: true },
      { path: "web/log", content: "", executable: false, link: "../web-log" },
    ],
    notes: ["put it below /etc/sv"],
    fates: { ...NONE, native: 3, lost: 1 },
  });
  const lines = text.split("\n").map(line => line.replace(/─+$/, "─"));
  equal(
    lines.join("\n"),
    `# web.service → runit: 3 native, 1 lost
# put it below /etc/sv

──── web/run (executable) ─
#!/bin/sh
exec web

──── web/down ─


──── web/env/ ─

──── web/log → ../web-log ─

──── web/data/tool (executable) ─
#!/bin/sh
`,
  );
});

test("counts are told from the best to the worst, without zeros", () => {
  equal(describe({ native: 5, emulated: 1, approximated: 0, lost: 2, irrelevant: 9 }), "5 native, 1 emulated, 2 lost");
  equal(describe(NONE), "nothing to convert");
});

test("a glance tells the worst", () => {
  equal(losses({ ...NONE, lost: 2, approximated: 4 }), "2 lost");
  equal(losses({ ...NONE, approximated: 4 }), "4 approximated");
  equal(losses({ ...NONE, native: 7 }), "nothing lost");
});
