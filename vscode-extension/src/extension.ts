import {
  ConfigurationTarget,
  commands,
  Disposable,
  type ExtensionContext,
  type TextEditor,
  Uri,
  window,
  workspace,
} from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import { Previews } from "./preview.ts";
import {
  BACKENDS,
  type Backend,
  isBackend,
  previewChanged,
  previewRequest,
  summaryRequest,
  type Wanted,
} from "./protocol.ts";
import { createClient, isServed } from "./server.ts";
import { Status } from "./status.ts";

const NOT_RUNNING = "the server is not running";

let extension: Extension | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  extension = new Extension(context);
  context.subscriptions.push(extension);
  await extension.start();
}

export async function deactivate(): Promise<void> {
  await extension?.stop();
}

/** The running extension: one server at the most, and what shows its answers. */
class Extension {
  private readonly output = window.createOutputChannel("svlsp", { log: true });
  private readonly status = new Status();
  private readonly previews = new Previews(async (unit, wanted) => {
    const params = { textDocument: { uri: unit.toString() }, ...wanted };
    return this.running().sendRequest(previewRequest, params);
  });
  private readonly disposables: Disposable;
  private client: LanguageClient | undefined;
  private problem = NOT_RUNNING;
  /** Starts and stops, one after the other: settings and trust may change at the same moment. */
  private turns = Promise.resolve();

  constructor(private readonly context: ExtensionContext) {
    this.disposables = Disposable.from(
      this.output,
      this.status,
      this.previews,
      commands.registerCommand("svlsp.selectBackend", () => this.selectBackend()),
      commands.registerCommand("svlsp.preview", (...args) => this.preview(args)),
      commands.registerCommand("svlsp.generateDirectory", (...args) => this.generate(args)),
      commands.registerCommand("svlsp.restart", () => this.restart()),
      commands.registerCommand("svlsp.showOutput", () => this.output.show()),
      window.onDidChangeActiveTextEditor(() => this.showSummary()),
      workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration("svlsp.server")) this.restart();
        else if (event.affectsConfiguration("svlsp")) this.showSummary();
      }),
    );
  }

  start(): Promise<void> {
    return this.inTurn(() => this.startNow());
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.stopNow());
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  private inTurn(task: () => Promise<void>): Promise<void> {
    this.turns = this.turns.then(task);
    return this.turns;
  }

  /** Starts a server, or tells why there is none; never throws. */
  private async startNow(): Promise<void> {
    this.problem = NOT_RUNNING;
    try {
      const client = createClient(this.context, this.output);
      this.client = client;
      client.onNotification(previewChanged, ({ uri }) => this.changed(Uri.parse(uri, true)));
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) this.previews.refresh();
        this.showSummary();
      });
      await client.start();
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // A server that never came up has nothing to stop.
    await client?.dispose().catch(() => {});
  }

  private running(): LanguageClient {
    if (!this.client?.isRunning()) throw new Error(this.problem);
    return this.client;
  }

  private fail(problem: string): void {
    this.problem = problem;
    this.output.error(problem);
    this.showSummary();
    const [settings, output] = ["Open Settings", "Show Output"];
    window.showErrorMessage(`svlsp: ${problem}`, settings, output).then(answer => {
      if (answer === settings) commands.executeCommand("workbench.action.openSettings", "svlsp.server");
      if (answer === output) this.output.show();
    });
  }

  /** The server says that a file, or what lies around it, has changed. */
  private changed(unit: Uri): void {
    this.previews.refresh(unit);
    if (window.activeTextEditor?.document.uri.toString() === unit.toString()) this.showSummary();
  }

  private async showSummary(): Promise<void> {
    const document = window.activeTextEditor?.document;
    if (document === undefined || !isServed(document)) return this.status.hide();
    if (this.client?.state === State.Starting) return this.status.hide();
    if (!this.client?.isRunning()) return this.status.problem(this.problem);
    const params = { textDocument: { uri: document.uri.toString() } };
    const summaries = await this.client.sendRequest(summaryRequest, params).catch(() => []);
    // Another editor may have come to the front meanwhile.
    if (document === window.activeTextEditor?.document) this.status.summary(summaries);
  }

  private async selectBackend(): Promise<void> {
    const current = chosenBackend() ?? "off";
    const items = [...BACKENDS, "off"].map(label => ({
      label,
      description: label === current ? "current" : "",
      detail: label === "off" ? "no hints at the ends of lines" : `what becomes of each line with ${label}`,
    }));
    const answer = await window.showQuickPick(items, { title: "Show migration hints for" });
    if (answer === undefined) return;
    const settings = workspace.getConfiguration("svlsp");
    const inWorkspace = settings.inspect("hints")?.workspaceValue !== undefined;
    await settings.update(
      "hints",
      answer.label,
      inWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global,
    );
  }

  private async preview(args: unknown[]): Promise<void> {
    const [uri, wanted] = await ask(args);
    if (uri && wanted) await this.previews.show(uri, wanted);
  }

  private async generate(args: unknown[]): Promise<void> {
    const [uri, wanted] = await ask(args);
    if (!uri || !wanted) return;
    const section = wanted.section === undefined ? [] : [wanted.section];
    await commands.executeCommand("svlsp.generate", uri.toString(), wanted.backend, ...section);
  }
}

/** The backend whose hints are shown. */
function chosenBackend(): Backend | undefined {
  const hints = workspace.getConfiguration("svlsp").get("hints");
  return isBackend(hints) ? hints : undefined;
}

/**
 * The file of a command and what is wanted of it: as it was called, else the
 * active editor's and the user's choice. Code lenses call with a URI as text
 * and maybe a section, menus with a URI as an object.
 */
async function ask([unit, backend, section]: unknown[]): Promise<[Uri?, Wanted?]> {
  const uri =
    typeof unit === "string" ? Uri.parse(unit, true) : unit instanceof Uri ? unit : served(window.activeTextEditor);
  if (uri === undefined) {
    window.showInformationMessage("svlsp: open a unit file first");
    return [];
  }
  if (isBackend(backend)) return [uri, { backend, section: typeof section === "string" ? section : undefined }];
  const answer = chosenBackend() ?? (await window.showQuickPick(BACKENDS, { title: "For which supervisor?" }));
  return isBackend(answer) ? [uri, { backend: answer }] : [];
}

function served(editor: TextEditor | undefined): Uri | undefined {
  return editor && isServed(editor.document) ? editor.document.uri : undefined;
}
