import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { chosen } from "../src/settings.ts";

const KEYS = ["hints", "backends", "format.blank-lines", "format.align"];

/** Settings of which these have been set. */
function source(set: Record<string, unknown>) {
  const inspect = (key: string) => (key in set ? { globalValue: set[key] } : {});
  return { inspect, get: (key: string) => set[key] ?? "the default" };
}

test("what nobody has set is not sent", () => {
  deepEqual(chosen(KEYS, source({})), {});
});

test("what is set is nested as in svlsp.toml", () => {
  const set = { hints: "s6", "format.align": true, "format.blank-lines": 1 };
  deepEqual(chosen(KEYS, source(set)), { hints: "s6", format: { align: true, "blank-lines": 1 } });
});

test("keys of others are not sent", () => {
  deepEqual(chosen(KEYS, source({ "server.path": "/x", backends: [] })), { backends: [] });
});
