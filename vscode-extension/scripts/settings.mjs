// Takes the settings that the server has, settings.json, over into package.json.
import { readFileSync, writeFileSync } from "node:fs";

const at = name => new URL(`../${name}`, import.meta.url);
const read = name => JSON.parse(readFileSync(at(name), "utf8"));
const manifest = read("package.json");
const configuration = manifest.contributes.configuration;
const own = Object.entries(configuration.properties).filter(([name]) => /^svlsp\.(server|trace)\./.test(name));
configuration.properties = { ...Object.fromEntries(own), ...read("settings.json") };
writeFileSync(at("package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
