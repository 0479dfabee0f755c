import { deepEqual, match } from "node:assert/strict";
import { test } from "node:test";
import { type Located, locate, type Places } from "../src/locate.ts";

/** Looks on a machine where only these files can be run. */
function on(files: string[], places: Partial<Places> = {}): Located {
  const runnable = (path: string) => files.includes(path);
  const machine = { setting: "", extension: "/ext", path: "/usr/local/bin:/usr/bin", home: "/home/u", windows: false };
  return locate({ ...machine, runnable, ...places });
}

const EVERYWHERE = ["/opt/svlsp", "/ext/bin/svlsp", "/usr/local/bin/svlsp", "/usr/bin/svlsp"];

test("the setting comes first", () => {
  deepEqual(on(EVERYWHERE, { setting: "/opt/svlsp" }), { path: "/opt/svlsp", from: "setting" });
});

test("the bundled one comes before PATH", () => {
  deepEqual(on(EVERYWHERE), { path: "/ext/bin/svlsp", from: "bundled" });
});

test("the first in PATH is taken", () => {
  deepEqual(on(["/usr/bin/svlsp", "/usr/local/bin/svlsp"]), { path: "/usr/local/bin/svlsp", from: "PATH" });
  deepEqual(on(["/usr/bin/svlsp"]), { path: "/usr/bin/svlsp", from: "PATH" });
});

test("a tilde is the home directory", () => {
  deepEqual(on(["/home/u/bin/svlsp"], { setting: "~/bin/svlsp" }), { path: "/home/u/bin/svlsp", from: "setting" });
});

test("a setting that leads nowhere is told, not passed over", () => {
  match(problem(on(EVERYWHERE, { setting: "/gone/svlsp" })), /can be run: \/gone\/svlsp$/);
});

test("nothing relative is run", () => {
  for (const setting of ["svlsp", "./svlsp", "bin/svlsp", "../svlsp", "~svlsp"]) {
    match(problem(on([...EVERYWHERE, setting], { setting })), /not an absolute path/);
  }
  for (const path of ["", ".", ":", "bin:.:./bin"]) {
    match(problem(on(["svlsp", "bin/svlsp", "./svlsp", "./bin/svlsp"], { path })), /^no svlsp in PATH/);
  }
});

test("a setting of blanks is none", () => {
  deepEqual(on(["/usr/bin/svlsp"], { setting: "  " }), { path: "/usr/bin/svlsp", from: "PATH" });
});

function problem(located: Located): string {
  return "problem" in located ? located.problem : `found ${located.path}`;
}
