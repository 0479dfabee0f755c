import type { Settings } from "./protocol.ts";

/** What is known of one key: `WorkspaceConfiguration` is one. */
export interface Source {
  inspect(key: string): { globalValue?: unknown; workspaceValue?: unknown; workspaceFolderValue?: unknown } | undefined;
  get(key: string): unknown;
}

/**
 * What the user has set of `keys`, nested as in `svlsp.toml`: `format.width` stands in `format`.
 *
 * Defaults are left out. To the server, what comes from the editor counts more
 * than `svlsp.toml`, and what nobody has written must not.
 */
export function chosen(keys: readonly string[], source: Source): Settings {
  const settings: Settings = {};
  for (const key of keys) {
    const { globalValue, workspaceValue, workspaceFolderValue } = source.inspect(key) ?? {};
    if ([globalValue, workspaceValue, workspaceFolderValue].every(value => value === undefined)) continue;
    const path = key.split(".");
    const last = path.pop() ?? key;
    let table = settings;
    for (const part of path) {
      table[part] ??= {};
      table = table[part] as Settings;
    }
    table[last] = source.get(key);
  }
  return settings;
}
