import { isAbsolute, join } from "node:path";

/** What is known of the machine and of the settings. */
export interface Places {
  /** The setting `svlsp.server.path`; empty if it isn't set. */
  setting: string;
  /** Where the extension is installed. */
  extension: string;
  /** The value of the environment variable `PATH`. */
  path: string;
  /** The user's home directory. */
  home: string;
  windows: boolean;
  /** Whether a path is that of a file that can be run. */
  runnable: (path: string) => boolean;
}

/** The absolute path of the server and why it was chosen, or what the user can do about there being none. */
export type Located = { path: string; from: "setting" | "bundled" | "PATH" } | { problem: string };

/**
 * Finds the server: the setting's, else the bundled one, else the first in `PATH`.
 *
 * Relative paths are never followed: the directory that they would lead from is
 * the open folder, and what lies in there is not to be run. A setting that
 * names no program is a mistake, and nothing else is run in its place.
 */
export function locate(places: Places): Located {
  const program = places.windows ? "svlsp.exe" : "svlsp";
  const setting = places.setting.trim();
  if (setting !== "") {
    const path = /^~[/\\]/.test(setting) ? join(places.home, setting.slice(2)) : setting;
    if (!isAbsolute(path)) return { problem: `svlsp.server.path is not an absolute path: ${setting}` };
    if (!places.runnable(path)) return { problem: `svlsp.server.path is not a program that can be run: ${path}` };
    return { path, from: "setting" };
  }
  const bundled = join(places.extension, "bin", program);
  if (places.runnable(bundled)) return { path: bundled, from: "bundled" };
  const found = places.path
    .split(places.windows ? ";" : ":")
    .filter(folder => isAbsolute(folder))
    .map(folder => join(folder, program))
    .find(places.runnable);
  if (found !== undefined) return { path: found, from: "PATH" };
  return { problem: `no ${program} in PATH; install it or set svlsp.server.path` };
}
