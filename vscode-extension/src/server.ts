import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { type ExtensionContext, type LogOutputChannel, workspace } from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  type StaticFeature,
  TransportKind,
} from "vscode-languageclient/node";
import { locate } from "./locate.ts";
import type { Settings } from "./protocol.ts";
import { chosen } from "./settings.ts";

/** The languages that the server is for. */
export const LANGUAGES = ["systemd-unit", "supervisord-conf"];

/** Whether the server knows this document: preview and comparison views it doesn't. */
export function isServed(document: { languageId: string; uri: { scheme: string } }): boolean {
  return LANGUAGES.includes(document.languageId) && ["file", "untitled"].includes(document.uri.scheme);
}

/**
 * The client of a server that is not running yet.
 *
 * Throws what the user can do about it where there is no server.
 */
export function createClient(context: ExtensionContext, output: LogOutputChannel): LanguageClient {
  // In a workspace that isn't trusted, `get` leaves out what its settings say: see package.json.
  const settings = workspace.getConfiguration("svlsp.server");
  const located = locate({
    setting: settings.get<string>("path", ""),
    extension: context.extensionPath,
    path: process.env.PATH ?? "",
    home: homedir(),
    windows: process.platform === "win32",
    runnable,
  });
  if ("problem" in located) throw new Error(located.problem);
  output.info(`server: ${located.path} (${located.from})`);

  const environment = settings.get<Record<string, string>>("environment", {});
  const server: ServerOptions = {
    command: located.path,
    args: ["lsp"],
    transport: TransportKind.stdio,
    options: { env: { ...process.env, ...environment } },
  };
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.flatMap(language => ["file", "untitled"].map(scheme => ({ language, scheme }))),
    outputChannel: output,
    initializationOptions: () => ownSettings(context),
    synchronize: { configurationSection: "svlsp" },
    middleware: {
      workspace: {
        configuration: ({ items }) => items.map(({ section }) => (section === "svlsp" ? ownSettings(context) : null)),
      },
    },
    markdown: { isTrusted: false, supportHtml: false },
  };
  const client = new LanguageClient("svlsp", "svlsp", server, options);
  client.registerFeature(knowsCommands);
  return client;
}

/** Tells the server that code lenses may carry the commands of this extension. */
const knowsCommands: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { svlsp: { commands: true } };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

/** The server's own settings that the user has set: those of the manifest that aren't about how it is run. */
function ownSettings(context: ExtensionContext): Settings {
  const properties: object = context.extension.packageJSON.contributes.configuration.properties;
  const keys = Object.keys(properties).map(key => key.replace(/^svlsp\./, ""));
  const own = keys.filter(key => !/^(server|trace)\./.test(key));
  return chosen(own, workspace.getConfiguration("svlsp"));
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
